import { StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Clock } from '../clock/clock.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import type { ToolServerSettings } from '../workflow/tool-server.ts';

/** A way to one server. */
export interface McpTransport {
  readonly transport: Transport;
  /** Whether asking for the newest protocol costs a process of its own. */
  readonly spawns: boolean;
  /** Ends the connection, and a child with it. May be called twice. */
  close(): Promise<void>;
}

/** Children alive. One that this process could not close before its own end is killed with it. */
const children = new Set<number>();

function killChildren(): void {
  for (const pid of children) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

export function openTransport(
  name: string,
  { reach }: ToolServerSettings,
  deps: { readonly logger: Logger; readonly clock: Clock },
): McpTransport {
  return 'command' in reach ? openStdio(name, reach, deps) : openHttp(reach);
}

function openStdio(
  name: string,
  { command, args, env }: Extract<ToolServerSettings['reach'], { command: string }>,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): McpTransport {
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr: 'pipe',
    maxBufferSize: limits.toolMessageBytesMax,
  });
  let pid: number | undefined;
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    pid = transport.pid ?? undefined;
    if (pid === undefined) return;
    if (children.size === 0) process.once('exit', killChildren);
    children.add(pid);
  };
  // Read in any case: a child whose pipe is full stands still.
  transport.stderr?.on('data', (chunk: Buffer) => {
    if (!logger.debugs) return;
    const text = clip(chunk.toString('utf8').trimEnd(), limits.errorCharsMax);
    logger.debug({ tool_server: name, stderr: text }, 'tool server writes');
  });
  const close = transport.close.bind(transport);
  transport.close = async () => {
    const child = pid;
    pid = undefined;
    if (child === undefined) return close();
    // Its input ends; one that does not go then is killed.
    const patience = clock.after(limits.toolCloseMs, () => kill(child));
    await close();
    patience.cancel();
    children.delete(child);
    if (children.size === 0) process.off('exit', killChildren);
  };
  return { transport, spawns: true, close: () => transport.close() };
}

function openHttp({ url, headers }: Extract<ToolServerSettings['reach'], { url: string }>): McpTransport {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    // A redirected request would carry its headers to an address nobody configured.
    requestInit: { headers: { ...headers }, redirect: 'error' },
    fetch: limitedFetch,
  });
  return { transport, spawns: false, close: () => transport.close() };
}

/** The platform's fetch; an answer over the limit breaks off. */
async function limitedFetch(address: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(address, init);
  // What is opened to listen for news lasts, and holds one small message after the other.
  if (!response.body || (init?.method ?? 'GET') === 'GET') return response;
  let bytes = 0;
  const limited = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= limits.toolMessageBytesMax) controller.enqueue(chunk);
        else controller.error(new Error(`the answer is over ${limits.toolMessageBytesMax} bytes`));
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(limited, { status, statusText, headers });
}
