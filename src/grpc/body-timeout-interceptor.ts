import { type ServerInterceptor, ServerInterceptingCall, status as Code } from '@grpc/grpc-js';
import type { Clock, Timer } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';

/** Ends a call whose client sent headers and then never its request; it would stay open for ever. */
export function bodyTimeoutInterceptor(clock: Clock): ServerInterceptor {
  return (method, call) => {
    let timer: Timer | undefined;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, nextMetadata) => {
            // A client that streams its requests takes as long as it likes.
            if (!method.requestStream) {
              timer = clock.after(limits.requestBodyMs, () =>
                call.sendStatus({
                  code: Code.DEADLINE_EXCEEDED,
                  details: `no complete request within ${limits.requestBodyMs / 1_000} s`,
                }),
              );
            }
            nextMetadata(metadata);
          },
          onReceiveHalfClose: (nextHalfClose) => {
            timer?.cancel();
            nextHalfClose();
          },
          onCancel: () => timer?.cancel(),
        }),
    });
  };
}
