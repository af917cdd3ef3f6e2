import { limits } from '../workflow/limits.ts';

/** More bytes than a provider may send. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}

/** The only headers that leave. The library adds its own from the environment of the process. */
const sentHeaders = [
  'accept',
  'authorization',
  'content-type',
  'user-agent',
  'x-attempt-id',
  'x-request-id',
  'traceparent',
];

const lineFeed = 10;

/**
 * The platform's fetch for providers: sends known headers only, follows no redirect (a redirected request would be a
 * second one, to an address nobody configured), and bounds what is read. The body of a refusal is cut at its limit, so
 * that its status still counts; a stream over its limit fails with ResponseTooLargeError.
 */
export async function boundedFetch(
  address: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const given = new Headers(init.headers);
  const headers = new Headers();
  for (const name of sentHeaders) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  const response = await fetch(address, { ...init, headers, redirect: 'manual' });
  if (!response.body) return response;
  const body = response.ok ? boundedStream(response.body) : cutBody(response.body);
  return new Response(ReadableStream.from(body), {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
}

async function* boundedStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  let line = 0;
  for await (const chunk of body) {
    total += chunk.byteLength;
    const lastBreak = chunk.lastIndexOf(lineFeed);
    line = lastBreak === -1 ? line + chunk.byteLength : chunk.byteLength - lastBreak;
    if (line > limits.providerLineBytesMax) {
      throw new ResponseTooLargeError(`a line of the stream is over ${limits.providerLineBytesMax} bytes`);
    }
    if (total > limits.providerResponseBytesMax) {
      throw new ResponseTooLargeError(`the response is over ${limits.providerResponseBytesMax} bytes`);
    }
    yield chunk;
  }
}

async function* cutBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let room = limits.providerErrorBodyBytesMax;
  for await (const chunk of body) {
    yield chunk.subarray(0, room);
    room -= chunk.byteLength;
    if (room <= 0) return;
  }
}
