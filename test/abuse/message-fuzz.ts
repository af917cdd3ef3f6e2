import { status as Code, type StatusObject } from '@grpc/grpc-js';
import { workflowService } from '../../src/grpc/definition.ts';
import { SeededRandom } from '../e2e/seeded-random.ts';
import type { Session } from '../e2e/session.ts';
import { type Descriptor, type MethodShape, readDescriptor } from './descriptor.ts';
import { MessageMaker } from './message-maker.ts';
import { mutations } from './mutation.ts';
import type { Target } from './target.ts';

const callMs = 20_000;
const sessions = 4;
const callsPerSession = 16;
/** Far apart, so that two messages never share their random numbers. */
const seedStride = 0x9e3779b1;

/** Whatever a request holds, these are answers; anything else is a defect. */
const answers: ReadonlySet<Code> = new Set([
  Code.OK,
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.ALREADY_EXISTS,
  Code.FAILED_PRECONDITION,
  Code.RESOURCE_EXHAUSTED,
  Code.OUT_OF_RANGE,
]);

export interface FuzzPlan {
  readonly messages: number;
  readonly seed: number;
  /** Number of the first message: with `messages: 1` one message of an earlier run is sent again. */
  readonly first?: number;
}

export interface FuzzReport {
  readonly messages: number;
  readonly seconds: number;
  /** How often each code was the answer. */
  readonly codes: Readonly<Record<string, number>>;
  /** How many messages each method got. */
  readonly methods: Readonly<Record<string, number>>;
  readonly workflowsStarted: number;
  readonly violations: readonly string[];
}

interface FuzzedMessage {
  readonly number: number;
  readonly method: MethodShape;
  readonly mutation: string;
  readonly bytes: Buffer;
}

const unknownId = 'research_000000000000';

/** The message with this number of a run with this seed. */
function fuzzedMessage(
  descriptor: Descriptor,
  makerFor: (method: MethodShape) => MessageMaker,
  seed: number,
  number: number,
): FuzzedMessage {
  const random = new SeededRandom(seed + number * seedStride);
  const [first, ...more] = descriptor.methods;
  if (!first) throw new Error('the descriptor has no methods');
  const method = random.pick([first, ...more]);
  const [plain, ...others] = Object.keys(mutations);
  const mutation = random.pick([plain ?? 'none', ...others]);
  const change = mutations[mutation];
  if (!change) throw new Error(`no mutation ${mutation}`);
  return {
    number,
    method,
    mutation,
    bytes: change(makerFor(method).make(method.requestType, random), random),
  };
}

/** Broken and hostile messages to every method; every one must get a proper answer, and a refused one starts nothing. */
export async function fuzzMessages(
  target: Target,
  { messages, seed, first = 0 }: FuzzPlan,
): Promise<FuzzReport> {
  const descriptor = readDescriptor();
  const maker = new MessageMaker(descriptor, target.workflowIds);
  // What the others and the witness ask about must stay.
  const deleter = new MessageMaker(descriptor, [unknownId]);
  const makerFor = (method: MethodShape): MessageMaker =>
    method.name === 'DeleteWorkflow' ? deleter : maker;
  const codes: Record<string, number> = {};
  const methods: Record<string, number> = {};
  const violations: string[] = [];
  const accepted = new Set<string>();
  const known = await target.strangers();
  const start = performance.now();
  let next = first;

  const sender = async (session: Session): Promise<void> => {
    while (next < first + messages) {
      const message = fuzzedMessage(descriptor, makerFor, seed, next++);
      const { code, details, workflowId } = await send(session, message);
      const name = Code[code] ?? String(code);
      codes[name] = (codes[name] ?? 0) + 1;
      methods[message.method.name] = (methods[message.method.name] ?? 0) + 1;
      if (workflowId !== undefined) accepted.add(workflowId);
      if (!answers.has(code)) violations.push(described(message, `${name}: ${details}`, seed));
    }
  };
  const clients = Array.from({ length: sessions }, () => target.connect());
  await Promise.all(
    clients.flatMap((client) => Array.from({ length: callsPerSession }, () => sender(client))),
  );
  for (const client of clients) client.close();

  const started = [...(await target.strangers())].filter((id) => !known.has(id));
  for (const id of started) if (!accepted.has(id)) violations.push(`${id} was started by a refused message`);
  for (const id of accepted)
    if (!started.includes(id)) violations.push(`${id} was accepted and is not there`);
  return {
    messages,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    codes,
    methods,
    workflowsStarted: started.length,
    violations,
  };
}

function described({ number, method, mutation, bytes }: FuzzedMessage, answer: string, seed: number): string {
  const hex = bytes.subarray(0, 64).toString('hex');
  return `message ${number} of seed ${seed} to ${method.name} (${mutation}, ${bytes.length} bytes ${hex}): ${answer}`;
}

type Answer = Pick<StatusObject, 'code' | 'details'> & { readonly workflowId?: string | undefined };

function send(session: Session, { method, bytes }: FuzzedMessage): Promise<Answer> {
  const serialize = (): Buffer => bytes;
  const options = { deadline: Date.now() + callMs };
  return new Promise((resolve) => {
    if (method.responseStream) {
      const stream = session.client.makeServerStreamRequest(
        method.path,
        serialize,
        (reply) => reply,
        {},
        options,
      );
      stream.on('data', () => undefined);
      // The status says the same; without a listener the error would be thrown.
      stream.on('error', () => undefined);
      stream.on('status', resolve);
      return;
    }
    session.client.makeUnaryRequest(
      method.path,
      serialize,
      (reply) => reply,
      {},
      options,
      (error, reply) => {
        if (error) resolve(error);
        else resolve({ code: Code.OK, details: '', workflowId: startedId(method, reply) });
      },
    );
  });
}

function startedId(method: MethodShape, reply: Buffer | undefined): string | undefined {
  if (!reply || !method.name.startsWith('Start')) return undefined;
  const { StartResearch, StartWorkflow } = workflowService;
  const { responseDeserialize } = method.name === 'StartResearch' ? StartResearch : StartWorkflow;
  // A start that was only looked at has no id.
  return responseDeserialize(reply).workflow?.workflowId || undefined;
}
