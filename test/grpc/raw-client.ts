import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { workflowService } from '../../src/grpc/definition.ts';
import type { WatchWorkflowRequest__Input } from '../../src/gen/orchestrator/v1/WatchWorkflowRequest.ts';

/** A watch of a client without gRPC library: it reads nothing until it is told to, as grpc-js never would. */
export interface RawWatch {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  /** Trailers, once they came. */
  trailers: Readonly<Record<string, unknown>> | undefined;
}

export function openSession(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`);
  // A reset by the server is what some of these tests are about.
  session.on('error', () => undefined);
  return session;
}

export function requestHeaders(method: string): Record<string, string> {
  return { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' };
}

/** Opens a watch and pauses it; resolves when the server has answered with headers. */
export async function stalledWatch(
  session: ClientHttp2Session,
  request: WatchWorkflowRequest__Input,
): Promise<RawWatch> {
  const stream = session.request(requestHeaders(workflowService.WatchWorkflow.path));
  stream.on('error', () => undefined);
  const watch: RawWatch = { session, stream, trailers: undefined };
  stream.on('trailers', (trailers) => {
    watch.trailers = trailers;
  });
  stream.end(frame(workflowService.WatchWorkflow.requestSerialize(request)));
  await new Promise<void>((resolve) => stream.once('response', () => resolve()));
  stream.pause();
  return watch;
}

/** A message with its gRPC prefix. */
export function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
