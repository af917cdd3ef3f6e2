import type { Entry } from './ledger.ts';

type Json = Readonly<Record<string, unknown>>;

const subtasksDefault = 8;
const citationsMax = 5;

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** What the simulator says where no rule says otherwise: deterministic, and enough to carry a run to its end. */
export function defaultText(entry: Entry): string {
  const body = record(entry.body);
  const messages = Array.isArray(body['messages']) ? body['messages'].map(record) : [];
  const text = (role: string): string =>
    messages
      .filter((message) => message['role'] === role)
      .map((message) => String(message['content']))
      .join('\n');
  const [system, user] = [text('system'), text('user')];
  const schema = record(record(record(body['response_format'])['json_schema'])['schema']);
  const wanted = askedCount(`${system}\n${user}`);
  if (Object.keys(schema).length > 0) return JSON.stringify(valueOf(schema, '', wanted, entry.attemptId, 0));
  if (/\bplan\b/i.test(system) && /"subtasks"/.test(system))
    return JSON.stringify(plan(wanted, entry.attemptId));
  return answer(entry.attemptId, user);
}

/** The last count a prompt names: `exactly 8 subtasks`, `only the 3 missing`. */
function askedCount(prompt: string): number {
  const last = [...prompt.matchAll(/(?:exactly|only the) (\d+)\b/gi)].at(-1);
  return last ? Number(last[1]) : subtasksDefault;
}

function plan(count: number, attemptId: string): Json {
  return { subtasks: Array.from({ length: count }, (_, index) => subtask(index, attemptId)) };
}

// The attempt is part of it, so that what a second turn adds differs from what the first one gave.
function subtask(index: number, attemptId: string): Json {
  const turn = attemptId.split('/').at(-2) ?? '0';
  const number = `${turn}.${index + 1}`;
  return { title: `Subtask ${number}`, question: `What is there to know about part ${number} of the task?` };
}

/** A value that a JSON schema allows; lists have the number of entries the schema or the prompt asks for. */
function valueOf(schema: Json, name: string, wanted: number, attemptId: string, index: number): unknown {
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][index % schema['enum'].length];
  const variants = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(variants)) return valueOf(record(variants[0]), name, wanted, attemptId, index);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object': {
      const properties = Object.entries(record(schema['properties']));
      return Object.fromEntries(
        properties.map(([key, inner]) => [key, valueOf(record(inner), key, wanted, attemptId, index)]),
      );
    }
    case 'array': {
      const count = Number(schema['maxItems'] ?? schema['minItems'] ?? (name === 'subtasks' ? wanted : 1));
      const items = record(schema['items']);
      return Array.from({ length: count }, (_, at) => valueOf(items, name, wanted, attemptId, at));
    }
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'null':
      return null;
    default: {
      const known = subtask(index, attemptId)[name];
      return known ?? `${name} ${index + 1} of ${attemptId}`;
    }
  }
}

function answer(attemptId: string, prompt: string): string {
  const found = [...prompt.matchAll(/handle="(D\d+\.\d+)"|\[(D\d+\.\d+)\]/g)].map(
    (hit) => hit[1] ?? hit[2] ?? '',
  );
  const handles = [...new Set(found)].slice(0, citationsMax);
  const claims = handles.map((handle, index) => `- Finding ${index + 1} rests on a passage [${handle}].`);
  return [
    `This is the answer of ${attemptId}.`,
    ...claims,
    'Nothing else is known; figures are missing.',
  ].join('\n\n');
}
