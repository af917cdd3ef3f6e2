import type { ClientHttp2Session } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { status as Code } from '@grpc/grpc-js';
import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import { limits } from '../../src/workflow/limits.ts';
import type { SeededRandom } from '../e2e/seeded-random.ts';
import { frame, openSession, requestHeaders } from '../grpc/raw-client.ts';
import { type Attack, type AttackReport, tally } from './attack.ts';
import { deepStruct } from './mutation.ts';
import { encodeField, lengthType } from './wire.ts';

const MIB = 1_048_576;
const answerMs = 20_000;
const callsAtOnce = 20;
const bombBytes = 64 * MIB;
/** A daemon that unpacks even one call's bomb at a time goes beyond. */
const bombGrowthMax = 20 * MIB;

/** What a call ended with: a gRPC status, an HTTP status, or how its stream was closed. */
type Ending = string;

interface RawCall {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Attacks by single calls: headers and bodies that no gRPC library would send. */
export const callAttacks: readonly Attack[] = [
  {
    name: 'compressed bombs',
    growthMaxBytes: bombGrowthMax,
    run: async ({ address }, { calls }) => {
      const bomb = gzipSync(Buffer.alloc(bombBytes));
      const call = { headers: { 'grpc-encoding': 'gzip' }, body: prefixed(bomb, { compressed: true }) };
      return outcome(await each(address, calls, () => call), [Code[Code.UNIMPLEMENTED]]);
    },
  },
  {
    name: 'declared lengths of 2 and 4 GiB',
    run: async ({ address }, { calls }, random) => {
      const call = (): RawCall => ({
        body: prefixed(Buffer.alloc(16), { length: random.pick([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) }),
      });
      return outcome(await each(address, calls, call), [Code[Code.RESOURCE_EXHAUSTED]]);
    },
  },
  {
    name: 'requests of 1 to 5 MiB',
    run: async ({ address }, { calls }, random) => {
      const call = (): RawCall => {
        const text = Buffer.alloc(random.whole(limits.requestBytesMax, 5 * MIB), 'x');
        return { body: frame(encodeField({ number: 1, wireType: lengthType, payload: text })) };
      };
      return outcome(await each(address, calls, call), [Code[Code.RESOURCE_EXHAUSTED]]);
    },
  },
  {
    name: 'Structs of 17 to 20,000 levels',
    run: async ({ address }, { calls }, random) => {
      const call = (): RawCall => {
        const payload = deepStruct(random.pick([17, 30, 50, 100, 101, 1_000, 20_000]));
        const orchestrator = encodeField({
          number: 1,
          wireType: lengthType,
          payload: Buffer.from('research'),
        });
        const input = encodeField({ number: 2, wireType: lengthType, payload });
        return { body: frame(Buffer.concat([orchestrator, input])) };
      };
      const path = workflowService.StartWorkflow.path;
      return outcome(await each(address, calls, call, path), [Code[Code.INVALID_ARGUMENT]]);
    },
  },
  {
    name: 'broken message frames',
    run: async ({ address }, { calls }, random) => {
      const endings = await each(address, calls, () => brokenFrame(random));
      // grpc-js answers these itself; any ending will do that is one.
      return outcome(endings, undefined);
    },
  },
  {
    name: 'broken headers',
    run: async ({ address }, { calls }, random) => {
      const endings = await each(address, calls, () => ({
        headers: brokenHeaders(random),
        body: frame(Buffer.alloc(0)),
      }));
      return outcome(endings, undefined);
    },
  },
];

/** A message with its gRPC prefix, which may lie. */
function prefixed(
  message: Buffer,
  {
    compressed = false,
    length = message.length,
  }: { readonly compressed?: boolean; readonly length?: number },
): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

function brokenFrame(random: SeededRandom): RawCall {
  const good = frame(Buffer.alloc(0));
  const gzip = { 'grpc-encoding': 'gzip' };
  const zipped = gzipSync(Buffer.from('x'.repeat(1_000)));
  return random.pick<RawCall>([
    { body: Buffer.alloc(0) },
    { body: good.subarray(0, 3) },
    { body: Buffer.concat([good, good]) },
    { body: Buffer.concat([good, Buffer.from('rest')]) },
    { body: prefixed(Buffer.from('short'), { length: 100 }) },
    { body: prefixed(Buffer.from('long text'), { length: 1 }) },
    { body: Buffer.from([0x7f, 0, 0, 0, 0]) },
    { body: prefixed(Buffer.from('no gzip'), { compressed: true }), headers: gzip },
    { body: prefixed(zipped.subarray(0, 12), { compressed: true }), headers: gzip },
    { body: prefixed(Buffer.alloc(0), { compressed: true }), headers: gzip },
    { body: prefixed(zipped, { compressed: true }), headers: { 'grpc-encoding': 'deflate' } },
    { body: prefixed(zipped, { compressed: true }), headers: { 'grpc-encoding': '__proto__' } },
    { body: prefixed(zipped, { compressed: true }) },
    { body: Buffer.from(Array.from({ length: random.whole(0, 64) }, () => random.whole(0, 255))) },
  ]);
}

function brokenHeaders(random: SeededRandom): Readonly<Record<string, string>> {
  return random.pick<Readonly<Record<string, string>>>([
    { ':path': '/' },
    { ':path': '/orchestrator.v1.WorkflowService/__proto__' },
    { ':path': '/orchestrator.v1.WorkflowService/constructor' },
    { ':path': `/${'x'.repeat(8_000)}` },
    { ':path': '*' },
    { ':method': 'GET' },
    { ':method': 'TRACE' },
    { 'content-type': 'text/html' },
    { 'content-type': 'application/grpc+json' },
    { 'grpc-timeout': '0n' },
    { 'grpc-timeout': '-1S' },
    { 'grpc-timeout': '99999999H' },
    { 'grpc-timeout': 'soon' },
    { 'grpc-accept-encoding': 'a,'.repeat(2_000) },
    { 'x-request-id': 'a b\u00ff' },
    { 'x-request-id': 'r'.repeat(10_000) },
    { traceparent: '00-00000000000000000000000000000000-0000000000000000-00' },
    { traceparent: 'x'.repeat(10_000) },
    { 'some-bin': '&&&& no base64 %%%%' },
    { 'x-large': 'l'.repeat(50_000) },
    { 'x-larger': 'l'.repeat(200_000) },
    { '__proto__-x': 'polluted' },
  ]);
}

/** So many calls, some at once; each is its own connection if the server closed the one before. */
async function each(
  address: string,
  calls: number,
  make: () => RawCall,
  path: string = catalogService.GetStats.path,
): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  let left = calls;
  const caller = async (): Promise<void> => {
    let session = openSession(address);
    while (left-- > 0) {
      if (session.closed || session.destroyed) session = openSession(address);
      endings.push(await ending(session, path, make()));
    }
    session.destroy();
  };
  await Promise.all(Array.from({ length: Math.min(calls, callsAtOnce) }, caller));
  return endings;
}

function ending(session: ClientHttp2Session, path: string, { headers = {}, body }: RawCall): Promise<Ending> {
  return new Promise((resolve) => {
    const stream = session.request({ ...requestHeaders(path), ...headers });
    const timer = setTimeout(() => {
      resolve('NO ANSWER');
      stream.destroy();
    }, answerMs);
    let seen: Ending | undefined;
    const look = (received: Readonly<Record<string, unknown>>): void => {
      const status = received['grpc-status'];
      const http = received[':status'];
      if (status !== undefined) seen = Code[Number(status)] ?? `status ${Number(status)}`;
      else if (http !== undefined && http !== 200) seen = `HTTP ${Number(http)}`;
    };
    stream.on('response', look);
    stream.on('trailers', look);
    // A reset is an ending; `close` follows and says its code.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(seen ?? `reset ${stream.rstCode}`);
    });
    stream.resume();
    stream.end(body);
  });
}

/** `allowed`: the only endings there may be; without, any but none. */
function outcome(
  endings: readonly Ending[],
  allowed: readonly (string | undefined)[] | undefined,
): AttackReport {
  const bad = endings.filter((one) => (allowed ? !allowed.includes(one) : one === 'NO ANSWER'));
  return {
    sent: endings.length,
    outcome: tally(endings),
    violations: bad.length > 0 ? [`calls ended as: ${tally(bad)}`] : [],
  };
}
