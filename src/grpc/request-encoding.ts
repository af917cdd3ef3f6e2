import { type ServerInterceptingCallInterface, status as Code } from '@grpc/grpc-js';

/**
 * What a request may be packed in. A kilobyte of gzip becomes a megabyte before any limit is looked at, once for every
 * call at the same time, and a request is small: so nothing but plain ones are read.
 */
const acceptedEncoding = 'identity';

/** Says it to clients in every answer, in the place of what grpc-js would say of itself. */
export const acceptedEncodingHeader = { name: 'grpc-accept-encoding', value: acceptedEncoding } as const;

export interface EncodingRefusal {
  readonly code: Code;
  readonly details: string;
}

/**
 * Why the request of this call is not read; undefined: it is. grpc-js takes the header away before an interceptor sees
 * it and unpacks whatever comes, so this reads what its innermost call has noted.
 */
export function encodingRefusal(call: ServerInterceptingCallInterface): EncodingRefusal | undefined {
  const encoding: unknown = Reflect.get(call, 'incomingEncoding');
  if (encoding === acceptedEncoding) return undefined;
  return {
    code: Code.UNIMPLEMENTED,
    details: `the encoding of this request is not supported; send requests uncompressed (${acceptedEncoding})`,
  };
}
