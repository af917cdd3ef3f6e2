import type { Figure } from './figure.ts';
import { grpcStart } from './grpc-start.ts';
import { grpcStream } from './grpc-stream.ts';
import { grpcSubscribers } from './grpc-subscribers.ts';
import { grpcThroughput } from './grpc-throughput.ts';

/** What the gRPC edge does, with the server in a process of its own, by name. */
export const grpcFigures: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'grpc-throughput': grpcThroughput,
  'grpc-start': grpcStart,
  'grpc-stream': grpcStream,
  'grpc-subscribers': grpcSubscribers,
};
