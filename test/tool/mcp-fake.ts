import { appendFileSync, existsSync, readFileSync } from 'node:fs';

// A server of tools that speaks just enough of the Model Context Protocol, and misbehaves when it is told to.

export interface RpcMessage {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const schema = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
};

/** How the server behaves; asked anew for each message. */
export interface FakeMood {
  /** Description of `echo`. */
  readonly description: string;
}

export function moodFrom(file: string | undefined): FakeMood {
  return file === undefined ? { description: 'Says it again.' } : { description: readFileSync(file, 'utf8') };
}

/** The result of a request; undefined: it is never answered. Throws for a method it does not know. */
export function answer({ method, params = {} }: RpcMessage, mood: FakeMood): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'fake', version: '1.0.0' },
      };
    case 'ping':
      return {};
    case 'tools/list':
      return {
        tools: [
          {
            name: 'echo',
            description: mood.description,
            inputSchema: schema,
            annotations: { readOnlyHint: true },
          },
          { name: 'write', description: 'Changes something.', inputSchema: schema },
        ],
      };
    case 'tools/call':
      return called(params);
    default:
      throw new Error(`no method ${method}`);
  }
}

function called(params: Readonly<Record<string, unknown>>): unknown {
  const { text } = params['arguments'] as { text: string };
  // The test's own count of what was really executed.
  const ledger = process.env['FAKE_LEDGER'];
  if (ledger !== undefined) {
    const before = existsSync(ledger) ? readFileSync(ledger, 'utf8') : '';
    const line = `${String(params['name'])} ${text}\n`;
    appendFileSync(ledger, line);
    if (text.startsWith('hang once') && !before.includes(line)) return undefined;
  }
  const said = (words: string, isError = false): unknown => ({
    content: [{ type: 'text', text: words }],
    isError,
  });
  switch (text) {
    case 'fail':
      return said('it broke', true);
    case 'hang':
      return undefined;
    case 'die':
      process.exit(3);
      break;
    case 'huge':
      return said('\u{1F600}'.repeat(50_000));
    case 'environment':
      return said(Object.keys(process.env).toSorted().join(' '));
    case 'pid':
      return said(String(process.pid));
    case 'meta':
      return said(JSON.stringify(params['_meta'] ?? {}));
    default:
      return said(`${String(params['name'])}: ${text}`);
  }
}

/** The answer to one message as a line of JSON; undefined: there is none. */
export function reply(message: RpcMessage, mood: FakeMood): string | undefined {
  if (message.id === undefined) return undefined;
  const envelope = { jsonrpc: '2.0', id: message.id };
  try {
    const result = answer(message, mood);
    return result === undefined ? undefined : JSON.stringify({ ...envelope, result });
  } catch (error) {
    return JSON.stringify({ ...envelope, error: { code: -32_601, message: (error as Error).message } });
  }
}
