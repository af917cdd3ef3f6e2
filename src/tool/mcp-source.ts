import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  TRACEPARENT_META_KEY,
} from '@modelcontextprotocol/client';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker';
import type { Clock, Timer } from '../clock/clock.ts';
import { failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import type { ToolServerSettings } from '../workflow/tool-server.ts';
import { mcpText } from './mcp-content.ts';
import { type McpTransport, openTransport } from './mcp-transport.ts';
import { cappedText } from './tool-output.ts';
import { ToolPins } from './tool-pin.ts';
import {
  abortedCall,
  type ToolCallContext,
  ToolCallError,
  type ToolDefinition,
  type ToolResult,
  type ToolSource,
  unknownTool,
} from './tool-source.ts';

export interface McpSourceDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells servers who calls. */
  readonly version: string;
  /** Takes secrets out of what a server or its program says. */
  readonly redact: (text: string) => string;
}

interface Connection {
  readonly client: Client;
  readonly way: McpTransport;
}

/**
 * The tools of one MCP server. Connects when it is started and again when a call finds the connection gone, with
 * backoff; a server that dies costs the calls it was working on and nothing else.
 */
export class McpSource implements ToolSource {
  readonly name: string;
  readonly #settings: ToolServerSettings;
  readonly #deps: McpSourceDeps;
  readonly #pins: ToolPins;
  readonly #stop = new AbortController();
  #tools: readonly ToolDefinition[] = [];
  #connection: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  #retry: Timer | undefined;
  /** Connections in a row that ended or did not come about. */
  #failures = 0;
  /** By the clock that only grows. */
  #nextTime = Number.NEGATIVE_INFINITY;

  constructor(name: string, settings: ToolServerSettings, deps: McpSourceDeps) {
    this.name = name;
    this.#settings = settings;
    this.#deps = deps;
    this.#pins = new ToolPins(settings);
  }

  get tools(): readonly ToolDefinition[] {
    return this.#tools;
  }

  async start(): Promise<void> {
    try {
      await this.#connected();
    } catch {
      // Logged where it happened. Nothing is offered until there is a list.
      this.#tryLater();
    }
  }

  async call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    context: ToolCallContext,
  ): Promise<ToolResult> {
    const { signal } = context;
    if (signal.aborted || this.#stop.signal.aborted) throw abortedCall(`${this.name}.${tool}`, signal.reason);
    const definition = this.#tools.find(({ name }) => name === tool);
    if (!definition) throw unknownTool(this.name, tool);
    const connection = await untilAborted(this.#connected(), signal).catch((error: unknown) => {
      throw this.#failed(error, tool, signal, 'cannot be reached, so nothing was done');
    });
    // It may have become another tool while the connection was made.
    if (!this.#tools.includes(definition)) throw unknownTool(this.name, tool);
    try {
      const { traceparent } = context;
      const result = await connection.client.callTool(
        {
          name: tool,
          arguments: { ...args },
          ...(traceparent !== undefined && { _meta: { [TRACEPARENT_META_KEY]: traceparent } }),
        },
        { signal, timeout: context.timeoutMs, maxTotalTimeout: context.timeoutMs },
      );
      this.#failures = 0;
      return {
        text: cappedText(mcpText(result), definition.outputBytesMax),
        isError: result.isError === true,
      };
    } catch (error) {
      const failed = this.#failed(
        error,
        tool,
        signal,
        'ended during the call; whether it took effect is unknown',
      );
      // A server elsewhere says nothing when it goes; the next call begins anew.
      if (failed.failure.code === 'connection') this.#lost(connection);
      throw failed;
    }
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error(`${this.name} is closed`));
    this.#retry?.cancel();
    // One that was being made when the source was closed gives itself up, or is there by now.
    await this.#connecting?.catch(() => undefined);
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) await this.#disconnect(connection);
  }

  /** The connection there is, or a new one when its time has come. */
  #connected(): Promise<Connection> {
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Connection> {
    const { clock, logger, version } = this.#deps;
    const waitMs = this.#nextTime - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs, this.#stop.signal);
    this.#stop.signal.throwIfAborted();
    const way = openTransport(this.name, this.#settings, this.#deps);
    const client = new Client(
      { name: 'mcp-orchestrator', version },
      {
        // Interprets a server's schemas; the library's default would compile them to code.
        jsonSchemaValidator: new CfWorkerJsonSchemaValidator(),
        ...(way.spawns ? {} : { versionNegotiation: { mode: 'auto' as const } }),
        // Nobody is there to answer what a server asks back.
        inputRequired: { autoFulfill: false },
        listChanged: { tools: { autoRefresh: false, onChanged: () => this.#relist(client) } },
      },
    );
    try {
      const connecting = client.connect(way.transport, { timeout: limits.toolConnectMs });
      await untilAborted(connecting, this.#stop.signal);
      client.onclose = () => this.#lost(connection);
      const connection: Connection = { client, way };
      await untilAborted(this.#list(client), this.#stop.signal);
      this.#stop.signal.throwIfAborted();
      this.#connection = connection;
      logger.info({ tool_server: this.name, tools: this.#tools.length }, 'tool server connected');
      return connection;
    } catch (error) {
      this.#failedOnce();
      const message = this.#messageOf(error);
      logger.error(
        { tool_server: this.name, reason: message, failures: this.#failures },
        'tool server cannot be reached',
      );
      await this.#disconnect({ client, way });
      throw error;
    }
  }

  async #list(client: Client): Promise<void> {
    const { tools } = await client.listTools(undefined, { timeout: limits.toolConnectMs });
    const taken = this.#pins.take(tools);
    this.#tools = taken.tools;
    for (const { tool, problem } of taken.problems) {
      this.#deps.logger.error({ tool_server: this.name, tool, reason: problem }, 'tool not offered');
    }
  }

  /** The server says that its list is another one now. */
  #relist(client: Client): void {
    this.#list(client).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return;
      this.#deps.logger.warn(
        { tool_server: this.name, reason: this.#messageOf(error) },
        'tools cannot be listed again',
      );
    });
  }

  #lost(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#failedOnce();
    this.#deps.logger.warn({ tool_server: this.name }, 'tool server ended; the next call starts it again');
    void this.#disconnect(connection);
  }

  #failedOnce(): void {
    const delayMs = Math.min(limits.toolReconnectMsMax, limits.toolReconnectBaseMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    this.#nextTime = this.#deps.clock.monotonic() + delayMs;
  }

  /** Looks for the first list again by itself: until there is one, no call can come that would. */
  #tryLater(): void {
    if (this.#stop.signal.aborted || this.#pins.known) return;
    const { clock } = this.#deps;
    this.#retry = clock.after(Math.max(0, this.#nextTime - clock.monotonic()), () => void this.start());
  }

  async #disconnect({ client, way }: Connection): Promise<void> {
    try {
      await client.close();
    } catch (error) {
      this.#deps.logger.debug(
        { tool_server: this.name, reason: this.#messageOf(error) },
        'tool server was not closed in order',
      );
    }
    await way.close();
  }

  #failed(error: unknown, tool: string, signal: AbortSignal, lost: string): ToolCallError {
    const name = `${this.name}.${tool}`;
    if (signal.aborted || this.#stop.signal.aborted) return abortedCall(name, error);
    const text = this.#messageOf(error);
    if (error instanceof ProtocolError) {
      return new ToolCallError(failure('tool', `${name} was refused by its server: ${text}`));
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      const message = `${name} did not answer in time; whether it took effect is unknown`;
      return new ToolCallError(failure('timeout', message));
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult) {
      return new ToolCallError(
        failure('malformed', `${name} answered what its server does not promise: ${text}`),
      );
    }
    return new ToolCallError(failure('connection', `${name}: its server ${lost} (${text})`));
  }

  #messageOf(error: unknown): string {
    return this.#deps.redact(error instanceof Error ? error.message : String(error));
  }
}

/** The promise, or the signal's reason as soon as it aborts; the promise goes on for whoever else waits for it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(signal.reason as Error);
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
