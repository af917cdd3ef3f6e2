// Messages as the canonical JSON of protobuf, which grpcurl prints too: lowerCamelCase, 64-bit integers as strings,
// times in RFC 3339, durations as `1.5s`, structs as plain JSON; absent fields are left out.

/** A generated message, a list of them, or plain data around them, as a value for JSON.stringify. */
export function wireJson(value: unknown): unknown {
  return convert(value, '');
}

function convert(value: unknown, key: string): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map((member: unknown) => convert(member, ''));
  // A caller's labels are no message, whatever they look like.
  if (key === 'labels') return value;
  const members = Object.entries(value);
  const time = timeParts(value);
  if (time) return key === 'time' || key.endsWith('Time') ? timestamp(time) : duration(time);
  const [only] = members;
  if (members.length === 1 && only?.[0] === 'fields' && typeof only[1] === 'object') return struct(only[1]);
  return Object.fromEntries(
    members
      .filter(([name, member]) => member !== null && member !== undefined && !isPresenceKey(name, members))
      .map(([name, member]) => [name, convert(member, name)]),
  );
}

/** Oneofs of messages that are printed, and a field that every such message has. */
const oneofs: ReadonlyMap<string, string> = new Map([
  ['data', 'workflowId'],
  ['update', 'agentId'],
]);

/** proto-loader names the set member of a oneof: `data` of an event, `_completeness` of an optional field. */
function isPresenceKey(name: string, members: readonly [string, unknown][]): boolean {
  if (name.startsWith('_')) return true;
  const beside = oneofs.get(name);
  return beside !== undefined && members.some(([other]) => other === beside);
}

interface TimeParts {
  readonly seconds: string;
  readonly nanos: number;
}

function timeParts(value: object): TimeParts | undefined {
  if (Object.keys(value).length !== 2 || !('seconds' in value) || !('nanos' in value)) return undefined;
  const { seconds, nanos } = value;
  return typeof seconds === 'string' && typeof nanos === 'number' ? { seconds, nanos } : undefined;
}

function timestamp({ seconds, nanos }: TimeParts): string {
  const date = new Date(Number(seconds) * 1_000).toISOString().replace(/\.\d+Z$/, '');
  return `${date}${fraction(nanos)}Z`;
}

function duration({ seconds, nanos }: TimeParts): string {
  return `${seconds}${fraction(nanos)}s`;
}

function fraction(nanos: number): string {
  return nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

function struct(fields: unknown): unknown {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, structValue(value)]));
}

function structValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null;
  if ('stringValue' in value) return value.stringValue;
  if ('numberValue' in value) return value.numberValue;
  if ('boolValue' in value) return value.boolValue;
  if ('structValue' in value) {
    const inner = value.structValue;
    return typeof inner === 'object' && inner !== null && 'fields' in inner ? struct(inner.fields) : {};
  }
  if ('listValue' in value) {
    const inner = value.listValue;
    return typeof inner === 'object' && inner !== null && 'values' in inner && Array.isArray(inner.values)
      ? inner.values.map((member: unknown) => structValue(member))
      : [];
  }
  return null;
}
