import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { workflowService } from '../src/grpc/definition.ts';
import { type FloorAppend, FloorStore } from './floor-store.ts';
import { host, reportPort, stopped } from './server-process.ts';

/**
 * What the floor sends: files of messages as the measured server sent them, by workflow id, and its reply to a start.
 * With `startAppend` it makes those rows durable before it replies.
 */
export interface FloorSetup {
  readonly streams: Readonly<Record<string, string>>;
  readonly startReply?: string;
  readonly startAppend?: FloorAppend;
}

// grpc-js alone: the bytes the measured server sent, in the same messages, without anything behind them.
const setup = JSON.parse(process.argv[2] ?? '{}') as FloorSetup;
const streams = new Map(
  Object.entries(setup.streams).map(([id, path]) => [id, messagesOf(readFileSync(path))]),
);
const reply = workflowService.StartWorkflow.responseDeserialize(
  Buffer.from(setup.startReply ?? '', 'base64'),
);

const { startAppend } = setup;
const store = startAppend && new FloorStore();

const server = new Server({ 'grpc.enable_channelz': 0 });
const { StartWorkflow, WatchWorkflow } = workflowService;
server.addService(
  { StartWorkflow, WatchWorkflow: { ...WatchWorkflow, responseSerialize: (bytes: Buffer) => bytes } },
  {
    StartWorkflow: (_call: unknown, answer: (error: null, value: unknown) => void) => {
      if (store && startAppend) store.commit(startAppend, [0]);
      answer(null, reply);
    },
    WatchWorkflow: (call: ServerWritableStream<{ workflowId: string }, Buffer>) => void stream(call),
  },
);
server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  reportPort(port);
});
await stopped();
server.forceShutdown();
await store?.close();

async function stream(call: ServerWritableStream<{ workflowId: string }, Buffer>): Promise<void> {
  for (const message of streams.get(call.request.workflowId) ?? []) {
    if (!call.write(message)) await once(call, 'drain');
  }
  call.end();
}

/** Messages from a file: each its length in four bytes, then its bytes. */
function messagesOf(file: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at);
    messages.push(file.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return messages;
}
