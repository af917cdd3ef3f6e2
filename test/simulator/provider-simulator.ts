import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Behaviour, fits, type Match, type Rule } from './behaviour.ts';
import { type Entry, RequestLedger } from './ledger.ts';
import { defaultText } from './responder.ts';

type Answer = Extract<Behaviour, { kind: 'answer' }>;

/** Stops matching requests at a point until they are let go, so that a test need not sleep. */
export interface Hold {
  readonly id: number;
  /** Resolves when `count` requests in all have been stopped by this hold. */
  held(count: number): Promise<void>;
  /** Lets go one attempt's request, or all of them and every later one. */
  release(attemptId?: string): void;
}

interface HoldState extends Hold {
  readonly match: Match | ((entry: Entry) => boolean);
  readonly at: 'headers' | 'middle';
  stop(entry: Entry, response: ServerResponse): Promise<void>;
}

interface RuleState {
  readonly rule: Rule;
  readonly predicate: ((entry: Entry) => boolean) | undefined;
  seen: number;
  used: number;
}

/**
 * An OpenAI-compatible provider on a real socket that does what a test tells it and writes down every request. Without
 * instructions it answers like a model that obeys its prompts.
 */
export class ProviderSimulator {
  readonly ledger = new RequestLedger();
  readonly #server: Server;
  /** Open connections, each with the requests that came in on it. */
  readonly #sockets = new Map<Socket, Entry[]>();
  #rules: RuleState[] = [];
  readonly #holds: HoldState[] = [];
  #default: Behaviour = { kind: 'answer' };
  #think: (entry: Entry) => Behaviour | undefined = () => undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      // A request whose sender went away, or that is none, ends with its connection.
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.set(socket, []);
      socket.on('close', () => this.#closed(socket));
      // A reader that goes away is ordinary here.
      socket.on('error', () => {});
    });
  }

  /** Listens on 127.0.0.1; port 0: a free one. */
  static async start(port = 0): Promise<ProviderSimulator> {
    const simulator = new ProviderSimulator();
    simulator.#server.listen(port, '127.0.0.1');
    await once(simulator.#server, 'listening');
    return simulator;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a provider is configured with. */
  get baseUrl(): string {
    return `${this.origin}/v1`;
  }

  /** Connections that are open now. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Adds rules. The first rule that fits a request and is not used up decides. */
  script(...rules: readonly Rule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, predicate: undefined, seen: 0, used: 0 })));
  }

  /** As `script`, with a free condition; only inside one process. */
  when(predicate: (entry: Entry) => boolean, behaviour: Behaviour, times?: number): void {
    const rule = { behaviour, ...(times === undefined ? {} : { times }) };
    this.#rules.push({ rule, predicate, seen: 0, used: 0 });
  }

  /** Asks this before any rule; undefined leaves it to them. Only inside one process. */
  think(decide: (entry: Entry) => Behaviour | undefined): void {
    this.#think = decide;
  }

  /** What is done where no rule fits. */
  otherwise(behaviour: Behaviour): void {
    this.#default = behaviour;
  }

  /** Forgets rules and the default; holds and the ledger stay. */
  reset(): void {
    this.#rules = [];
    this.#default = { kind: 'answer' };
    this.#think = () => undefined;
  }

  /** Stops requests before their headers, or in the middle of their text. */
  hold(match: Match | ((entry: Entry) => boolean) = {}, at: 'headers' | 'middle' = 'headers'): Hold {
    const stopped = new Map<Entry, () => void>();
    let count = 0;
    let open = false;
    const state: HoldState = {
      id: this.#holds.length,
      match,
      at,
      held: (wanted) => this.ledger.until(() => count >= wanted),
      release: (attemptId) => {
        if (attemptId === undefined) open = true;
        for (const [entry, go] of stopped) {
          if (attemptId !== undefined && entry.attemptId !== attemptId) continue;
          stopped.delete(entry);
          go();
        }
      },
      stop: (entry, response) => {
        if (open || response.destroyed) return Promise.resolve();
        return new Promise((resolve) => {
          stopped.set(entry, resolve);
          response.once('close', resolve);
          count++;
          this.ledger.changed();
        });
      },
    };
    this.#holds.push(state);
    return state;
  }

  /** Destroys every connection, as a network does; new ones are welcome. */
  disconnect(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /** Closes every connection and rejects whoever still waits on the ledger. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    for (const hold of this.#holds) hold.release();
    this.ledger.close();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.disconnect();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    request.setEncoding('utf8');
    for await (const part of request) text += part as string; // setEncoding makes every part a string.
    const url = new URL(request.url ?? '/', this.origin);
    if (!url.pathname.endsWith('/chat/completions')) {
      await this.#control(request.method ?? 'GET', url, text, response);
      return;
    }
    const entry = this.#record(request, response, text);
    const behaviour = this.#behaviourFor(entry);
    await this.#held(entry, response, 'headers');
    if (!response.destroyed) await this.#behave(behaviour, entry, response);
  }

  #record(request: IncomingMessage, response: ServerResponse, text: string): Entry {
    const body = JSON.parse(text) as { model?: string };
    const entry: Entry = {
      number: this.ledger.entries.length + 1,
      attemptId: String(request.headers['x-attempt-id'] ?? ''),
      model: body.model ?? '',
      arrivalTime: Date.now(),
      headers: request.headers,
      body,
      remotePort: request.socket.remotePort ?? 0,
      answered: false,
      status: undefined,
      socketClosedTime: undefined,
    };
    response.once('finish', () => {
      entry.answered = true;
      entry.status = response.statusCode;
      this.ledger.changed();
    });
    response.once('close', () => {
      if (response.headersSent) entry.status = response.statusCode;
    });
    this.#sockets.get(request.socket)?.push(entry);
    this.ledger.entries.push(entry);
    this.ledger.changed();
    return entry;
  }

  #closed(socket: Socket): void {
    for (const entry of this.#sockets.get(socket) ?? []) entry.socketClosedTime = Date.now();
    this.#sockets.delete(socket);
    this.ledger.changed();
  }

  #behaviourFor(entry: Entry): Behaviour {
    const thought = this.#think(entry);
    if (thought) return thought;
    for (const state of this.#rules) {
      const { match = {}, times = Number.POSITIVE_INFINITY, behaviour } = state.rule;
      if (!(state.predicate?.(entry) ?? fits(match, entry))) continue;
      state.seen++;
      if (match.nth !== undefined && match.nth !== state.seen) continue;
      if (state.used >= times) continue;
      state.used++;
      return behaviour;
    }
    return this.#default;
  }

  async #held(entry: Entry, response: ServerResponse, at: HoldState['at']): Promise<void> {
    for (const hold of this.#holds) {
      const meant = typeof hold.match === 'function' ? hold.match(entry) : fits(hold.match, entry);
      if (hold.at === at && meant) await hold.stop(entry, response);
    }
  }

  async #behave(behaviour: Behaviour, entry: Entry, response: ServerResponse): Promise<void> {
    switch (behaviour.kind) {
      case 'answer':
        await this.#answer(behaviour, entry, response);
        return;
      case 'status':
        status(behaviour, response);
        return;
      case 'hang':
        if (behaviour.at !== 'before headers') openStream(response);
        if (behaviour.at === 'mid stream' || behaviour.at === 'after finish') twoDeltas(entry, response);
        if (behaviour.at === 'after finish') send(response, chunk(entry, {}, 'stop'));
        return;
      case 'keepAlive':
        openStream(response);
        while (!response.destroyed) {
          if (behaviour.emptyDeltas) send(response, chunk(entry, { content: '' }));
          else response.write(': keep-alive\n\n');
          await wait(behaviour.everyMs ?? 5);
        }
        return;
      case 'reset':
        if (behaviour.at !== 'before headers') openStream(response);
        if (behaviour.at === 'mid stream') twoDeltas(entry, response);
        // What was written must leave before the socket is torn down.
        if (behaviour.at !== 'before headers') await new Promise((sent) => response.write(': \n\n', sent));
        response.socket?.resetAndDestroy();
        return;
      case 'cut':
        openStream(response);
        twoDeltas(entry, response);
        response.end();
        return;
      case 'garbage':
        openStream(response);
        twoDeltas(entry, response);
        response.end(`data: {"choices": [}} ${behaviour.quoting ?? ''}\n\n`);
        return;
      case 'wrongShape':
        openStream(response);
        response.end('data: {"choices": "none", "usage": 7}\n\ndata: [DONE]\n\n');
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html><body>Welcome to the login page</body></html>');
        return;
      case 'truncatedJson':
        if (behaviour.inStream) openStream(response);
        else response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          `${behaviour.inStream ? 'data: ' : ''}{"id":"x","choices":[{"index":0,"delta":{"content":"cu`,
        );
        return;
      case 'errorFrame': {
        const { code, message = 'the model broke down' } = behaviour;
        openStream(response);
        twoDeltas(entry, response);
        response.end(`data: ${JSON.stringify({ error: { code, message } })}\n\n`);
        return;
      }
      case 'huge':
        await huge(behaviour, entry, response);
        return;
    }
  }

  async #answer(behaviour: Answer, entry: Entry, response: ServerResponse): Promise<void> {
    if (behaviour.delayMs) await wait(behaviour.delayMs);
    const text = behaviour.text ?? defaultText(entry);
    const request = entry.body as { stream?: boolean; stream_options?: { include_usage?: boolean } };
    const { toolCalls = [] } = behaviour;
    const ended = toolCalls.length > 0 ? 'tool_calls' : 'stop';
    const finishReason = behaviour.finishReason === undefined ? ended : behaviour.finishReason;
    const usage = usageOf(behaviour, entry, text);
    if (request.stream !== true) {
      await this.#held(entry, response, 'middle');
      const message = { role: 'assistant', content: text };
      const whole = {
        ...frame(entry, 'chat.completion'),
        choices: [{ index: 0, message, finish_reason: finishReason }],
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...whole, ...(usage ? { usage } : {}) }));
      return;
    }
    openStream(response);
    send(response, chunk(entry, { role: 'assistant', content: '' }));
    const parts = cutText(text, behaviour.deltas ?? 3);
    for (const [index, part] of parts.entries()) {
      if (behaviour.dripMs) await wait(behaviour.dripMs);
      send(response, chunk(entry, { content: part }));
      if (index === 0) await this.#held(entry, response, 'middle');
      if (response.destroyed) return;
    }
    for (const [index, call] of toolCalls.entries())
      for (const piece of piecesOf(call, index, entry)) send(response, chunk(entry, { tool_calls: [piece] }));
    if (finishReason !== null) send(response, chunk(entry, {}, finishReason));
    if (usage && request.stream_options?.include_usage) {
      send(response, { ...frame(entry, 'chat.completion.chunk'), choices: [], usage });
    }
    response.end(finishReason === null ? '' : 'data: [DONE]\n\n');
  }

  /** For a simulator in a process of its own. */
  async #control(method: string, url: URL, text: string, response: ServerResponse): Promise<void> {
    const route = `${method} ${url.pathname}`;
    let reply: unknown = {};
    switch (route) {
      case 'GET /ledger': {
        // `?arrived=3` and `?answered=3` answer when that many have.
        const [arrived, answered] = [url.searchParams.get('arrived'), url.searchParams.get('answered')];
        if (arrived) await this.ledger.arrived(Number(arrived));
        if (answered) await this.ledger.answered(Number(answered));
        reply = this.ledger.entries;
        break;
      }
      case 'POST /script':
        this.script(...(JSON.parse(text) as readonly Rule[]));
        break;
      case 'POST /otherwise':
        this.otherwise(JSON.parse(text) as Behaviour);
        break;
      case 'POST /reset':
        this.reset();
        break;
      case 'POST /hold': {
        const { match, at } = JSON.parse(text) as { match?: Match; at?: HoldState['at'] };
        reply = { id: this.hold(match, at).id };
        break;
      }
      case 'POST /release': {
        const { id, attemptId } = JSON.parse(text) as { id: number; attemptId?: string };
        this.#holds[id]?.release(attemptId);
        break;
      }
      case 'GET /v1/models':
        reply = {
          object: 'list',
          data: [{ id: 'simulated', object: 'model', created: 0, owned_by: 'simulator' }],
        };
        break;
      default:
        response.writeHead(404).end();
        return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply));
  }
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
}

function send(response: ServerResponse, value: unknown): void {
  response.write(`data: ${JSON.stringify(value)}\n\n`);
}

function frame(entry: Entry, object: string): Readonly<Record<string, unknown>> {
  return { id: `simulated-${entry.number}`, object, created: 0, model: entry.model };
}

function chunk(entry: Entry, delta: unknown, finishReason: string | null = null): unknown {
  return {
    ...frame(entry, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}

function twoDeltas(entry: Entry, response: ServerResponse): void {
  send(response, chunk(entry, { role: 'assistant', content: 'This is ' }));
  send(response, chunk(entry, { content: 'the beginning' }));
}

/** A tool call as it comes in a stream: its name first, then its arguments bit by bit. */
function piecesOf(
  call: { readonly name: string; readonly arguments: string },
  index: number,
  entry: Entry,
): readonly unknown[] {
  const half = Math.ceil(call.arguments.length / 2);
  const id = `call_${entry.number}_${index}`;
  return [
    { index, id, type: 'function', function: { name: call.name, arguments: '' } },
    { index, function: { arguments: call.arguments.slice(0, half) } },
    { index, function: { arguments: call.arguments.slice(half) } },
  ];
}

function cutText(text: string, deltas: number): readonly string[] {
  const points = [...text];
  const size = Math.max(1, Math.ceil(points.length / Math.max(1, deltas)));
  const parts: string[] = [];
  for (let at = 0; at < points.length; at += size) parts.push(points.slice(at, at + size).join(''));
  return parts;
}

function usageOf(behaviour: Answer, entry: Entry, text: string): unknown {
  if (behaviour.usage === null) return undefined;
  const input = behaviour.usage?.inputTokens ?? Math.ceil(JSON.stringify(entry.body).length / 4);
  const output = behaviour.usage?.outputTokens ?? Math.ceil(text.length / 4);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(behaviour.costUsd === undefined ? {} : { cost: behaviour.costUsd }),
  };
}

function status(behaviour: Extract<Behaviour, { kind: 'status' }>, response: ServerResponse): void {
  const { retryAfter, retryAfterMs, location, contentType = 'application/json' } = behaviour;
  const body =
    behaviour.body ?? JSON.stringify({ error: { message: `status ${behaviour.status}`, type: 'error' } });
  response.writeHead(behaviour.status, {
    'content-type': contentType,
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    ...(retryAfterMs === undefined ? {} : { 'retry-after-ms': retryAfterMs }),
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}

async function huge(
  behaviour: Extract<Behaviour, { kind: 'huge' }>,
  entry: Entry,
  response: ServerResponse,
): Promise<void> {
  const part = 'x'.repeat(16 * 1024);
  const bytes = behaviour.oneLine ? part : `data: ${JSON.stringify(chunk(entry, { content: part }))}\n\n`;
  openStream(response);
  if (behaviour.oneLine) response.write('data: ');
  for (let sent = 0; sent < behaviour.bytes && !response.destroyed; sent += part.length) {
    if (!response.write(bytes)) await room(response);
  }
  response.end();
}

/** Until the reader has taken what was written, or has gone. */
function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
