import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { type EventOf, isTerminalEvent, type WorkflowEvent } from '../workflow/event.ts';
import { clip, type Failure } from '../workflow/failure.ts';
import { usdOf } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { CommitObserver } from './commit-observer.ts';
import { genAi, genAiOperation, genAiProviderName, general, own } from './genai-attributes.ts';
import { OpenSpan, parseTraceparent, traceparentOf } from './open-span.ts';

export interface TraceObserverOptions {
  /** Undefined: tracing is off and every call returns at once. */
  readonly tracer: Tracer | undefined;
  /** Starts the root span under the identity that `workflow_started` announced. */
  readonly startRootAs: (
    identity: { readonly traceId: string; readonly spanId: string },
    name: string,
    options: SpanOptions,
  ) => Span;
  /** Base address of a provider. */
  readonly addressOf?: (provider: string) => string;
  /** Cleans error messages before they become span statuses. */
  readonly redact?: (text: string) => string;
}

interface AgentSpans {
  readonly agent: OpenSpan;
  readonly context: Context;
  call: OpenSpan | undefined;
  readonly tools: Map<string, OpenSpan>;
}

interface WorkflowSpans {
  readonly root: OpenSpan;
  readonly context: Context;
  readonly agents: Map<string, AgentSpans>;
  readonly documents: Map<string, OpenSpan>;
}

const noAddress = (): string => '';
const asIs = (text: string): string => text;

/**
 * Makes spans of what the log says: one root per workflow and process, one span per agent, model call, tool call and
 * document, with the times of the events. A workflow taken over from another process gets a new root that links to
 * the recorded one, for a span cannot be resumed. Prompts and answers never become attributes. What is kept of a
 * workflow is dropped with its terminal event.
 */
export class TraceObserver implements CommitObserver {
  readonly #options: TraceObserverOptions;
  readonly #workflows = new Map<string, WorkflowSpans>();

  constructor(options: TraceObserverOptions) {
    this.#options = options;
  }

  /** Workflows whose spans are open. */
  get openWorkflows(): number {
    return this.#workflows.size;
  }

  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void {
    const { tracer } = this.#options;
    if (tracer === undefined) return;
    for (const event of events) {
      const spans = this.#workflows.get(state.workflowId) ?? this.#open(tracer, state, event);
      new Recording(tracer, this.#options, state, spans).record(event);
      if (isTerminalEvent(event.data)) this.#workflows.delete(state.workflowId);
    }
  }

  /** W3C trace context of the agent's open model call; undefined when there is no span for it. */
  traceparentOf(workflowId: string, agentId: string): string | undefined {
    const call = this.#workflows.get(workflowId)?.agents.get(agentId)?.call;
    return call && traceparentOf(call.span);
  }

  /** W3C trace context of one of the agent's open tool calls; undefined when there is no span for it. */
  toolTraceparentOf(workflowId: string, agentId: string, callId: string): string | undefined {
    const call = this.#workflows.get(workflowId)?.agents.get(agentId)?.tools.get(callId);
    return call && traceparentOf(call.span);
  }

  /** Ends what is open at `time`, for a process that stops before its workflows do. */
  close(time: number): void {
    for (const spans of this.#workflows.values()) {
      endChildren(spans, time);
      spans.root.end(time, { [own.result]: 'released' });
    }
    this.#workflows.clear();
  }

  #open(tracer: Tracer, state: WorkflowState, first: WorkflowEvent): WorkflowSpans {
    const recorded = parseTraceparent(state.traceparent);
    const { data, time } = first;
    const requestId = state.callerRequestId ?? state.requestId;
    const isNew = data.type === 'workflow_started';
    const links: Link[] = [];
    const linked = isNew ? parseTraceparent(data.callerTraceparent) : recorded;
    if (linked) links.push({ context: linked });
    const options: SpanOptions = {
      kind: SpanKind.INTERNAL,
      startTime: time,
      links,
      attributes: {
        [genAi.operationName]: genAiOperation.invokeWorkflow,
        [genAi.workflowName]: state.orchestrator,
        [own.workflowId]: state.workflowId,
        ...(requestId === undefined ? {} : { [own.requestId]: requestId }),
        ...(isNew ? {} : { [own.recovered]: true }),
      },
    };
    const name = `${genAiOperation.invokeWorkflow} ${state.orchestrator}`;
    const span =
      isNew && recorded
        ? this.#options.startRootAs(recorded, name, options)
        : tracer.startSpan(name, { ...options, root: true }, ROOT_CONTEXT);
    const root = new OpenSpan(span, time);
    const spans: WorkflowSpans = {
      root,
      context: root.within(ROOT_CONTEXT),
      agents: new Map(),
      documents: new Map(),
    };
    this.#workflows.set(state.workflowId, spans);
    return spans;
  }
}

/** Ends what the end of its workflow or process cut off. */
function endChildren(spans: WorkflowSpans, time: number): void {
  for (const { agent, call, tools } of spans.agents.values()) {
    for (const open of [...tools.values(), ...(call ? [call] : []), agent])
      open.end(time, { [own.result]: 'stopped' });
  }
  for (const document of spans.documents.values()) document.end(time, { [own.result]: 'stopped' });
  spans.agents.clear();
  spans.documents.clear();
}

/** One event becoming span starts and ends. */
class Recording {
  readonly #tracer: Tracer;
  readonly #state: WorkflowState;
  readonly #spans: WorkflowSpans;
  readonly #addressOf: (provider: string) => string;
  readonly #redact: (text: string) => string;

  constructor(tracer: Tracer, options: TraceObserverOptions, state: WorkflowState, spans: WorkflowSpans) {
    this.#tracer = tracer;
    this.#state = state;
    this.#spans = spans;
    this.#addressOf = options.addressOf ?? noAddress;
    this.#redact = options.redact ?? asIs;
  }

  record({ data, time }: WorkflowEvent): void {
    const { root, documents } = this.#spans;
    switch (data.type) {
      case 'agent_scheduled':
        this.#agent(data.agentId, time);
        return;
      case 'model_call_started':
        this.#callStarted(data, time);
        return;
      case 'model_call_ended':
        this.#callEnded(data, time);
        return;
      case 'agent_retrying':
        this.#agent(data.agentId, time).agent.span.addEvent(
          data.type,
          { [general.errorType]: data.cause.code, [own.turn]: data.turn, [own.attempt]: data.attempt },
          time,
        );
        return;
      case 'tool_call_started': {
        const { context, tools } = this.#agent(data.agentId, time);
        // A model wrote these two, and of any length.
        const tool = clip(data.tool, limits.spanTextCharsMax);
        const attributes = {
          [genAi.operationName]: genAiOperation.executeTool,
          [genAi.toolName]: tool,
          [genAi.toolCallId]: clip(data.callId, limits.spanTextCharsMax),
          ...this.#agentAttributes(data.agentId),
        };
        const name = `${genAiOperation.executeTool} ${tool}`;
        tools.set(data.callId, this.#start(name, SpanKind.INTERNAL, time, attributes, context));
        return;
      }
      case 'tool_call_ended': {
        const { tools } = this.#agent(data.agentId, time);
        this.#finish(tools.get(data.callId), time, data.result, data.failure, {});
        tools.delete(data.callId);
        return;
      }
      case 'agent_completed':
      case 'agent_failed':
        this.#agentEnded(data, time);
        return;
      case 'document_started': {
        const attributes = { [own.documentFormat]: data.format, [own.workflowId]: this.#state.workflowId };
        const name = `render_document ${data.format}`;
        documents.set(
          data.format,
          this.#start(name, SpanKind.INTERNAL, time, attributes, this.#spans.context),
        );
        return;
      }
      case 'document_completed':
      case 'document_failed': {
        const failure = data.type === 'document_failed' ? data.failure : undefined;
        this.#finish(documents.get(data.format), time, failure ? 'failed' : 'ok', failure, {});
        documents.delete(data.format);
        return;
      }
      case 'workflow_completed':
      case 'workflow_failed':
      case 'workflow_timed_out':
      case 'workflow_cancelled':
        this.#workflowEnded(time);
        return;
      case 'workflow_started':
        return;
      case 'workflow_admitted':
      case 'workflow_recovered':
      case 'workflow_paused':
      case 'workflow_resumed':
      case 'budget_warning':
      case 'limit_reached':
      case 'conclusion_requested':
      case 'cancellation_requested':
        root.span.addEvent(data.type, {}, time);
        return;
      case 'plan_started':
      case 'plan_completed':
      case 'synthesis_started':
      case 'synthesis_completed':
        // Planners and synthesizers are agents; their spans say it.
        return;
    }
    throw new Error(
      `workflow ${this.#state.workflowId}: no span rule for ${JSON.stringify(data satisfies never)}`,
    );
  }

  /** The agent's spans; made now when another process scheduled it. */
  #agent(agentId: string, time: number): AgentSpans {
    const known = this.#spans.agents.get(agentId);
    if (known) return known;
    const role = this.#state.agents.get(agentId)?.role ?? 'step';
    const attributes = {
      [genAi.operationName]: genAiOperation.invokeAgent,
      [genAi.agentName]: role,
      ...this.#agentAttributes(agentId),
    };
    const name = `${genAiOperation.invokeAgent} ${role}`;
    const agent = this.#start(name, SpanKind.INTERNAL, time, attributes, this.#spans.context);
    const made: AgentSpans = {
      agent,
      context: agent.within(this.#spans.context),
      call: undefined,
      tools: new Map(),
    };
    this.#spans.agents.set(agentId, made);
    return made;
  }

  #callStarted(data: EventOf<'model_call_started'>, time: number): void {
    const agent = this.#agent(data.agentId, time);
    const attributes = {
      [genAi.operationName]: genAiOperation.chat,
      [genAi.providerName]: genAiProviderName(data.provider),
      [genAi.requestModel]: data.model,
      [genAi.requestMaxTokens]: data.reserved.outputTokens,
      [own.turn]: data.turn,
      [own.attempt]: data.attempt,
      ...serverOf(this.#addressOf(data.provider)),
      ...this.#agentAttributes(data.agentId),
    };
    const name = `${genAiOperation.chat} ${data.model}`;
    agent.call = this.#start(name, SpanKind.CLIENT, time, attributes, agent.context);
  }

  #callEnded(data: EventOf<'model_call_ended'>, time: number): void {
    const agent = this.#agent(data.agentId, time);
    const attributes: Attributes = {
      [genAi.inputTokens]: data.usage.inputTokens,
      [genAi.outputTokens]: data.usage.outputTokens,
      [own.assumed]: data.assumed,
      ...(data.costNanoUsd === undefined ? {} : { [own.costUsd]: usdOf(data.costNanoUsd) }),
      ...(data.output === undefined ? {} : { [genAi.responseFinishReasons]: [data.output.finishReason] }),
      ...(data.cause === undefined ? {} : { [own.cause]: data.cause }),
    };
    if (agent.call === undefined) {
      // Begun by a process that died: its span died with it, so the bill is noted on the agent.
      const lost = {
        ...attributes,
        [own.turn]: data.turn,
        [own.attempt]: data.attempt,
        [own.result]: data.result,
      };
      agent.agent.span.addEvent('model_call_ended', lost, time);
      return;
    }
    this.#finish(agent.call, time, data.result, data.failure, attributes);
    agent.call = undefined;
  }

  #agentEnded(data: EventOf<'agent_completed'> | EventOf<'agent_failed'>, time: number): void {
    const { agent, call, tools } = this.#agent(data.agentId, time);
    for (const open of [...tools.values(), ...(call ? [call] : [])])
      open.end(time, { [own.result]: 'stopped' });
    if (data.type === 'agent_failed') this.#finish(agent, time, 'failed', data.failure, {});
    else {
      this.#finish(agent, time, 'ok', undefined, {
        [genAi.inputTokens]: data.usage.inputTokens,
        [genAi.outputTokens]: data.usage.outputTokens,
        [own.costUsd]: usdOf(data.costNanoUsd),
      });
    }
    this.#spans.agents.delete(data.agentId);
  }

  #workflowEnded(time: number): void {
    const { status, error, ledger } = this.#state;
    endChildren(this.#spans, time);
    const attributes = {
      [own.status]: status,
      [genAi.inputTokens]: ledger.spentInputTokens,
      [genAi.outputTokens]: ledger.spentOutputTokens,
      [own.costUsd]: usdOf(ledger.spentNanoUsd),
      [own.unpricedCalls]: ledger.unpricedCalls,
    };
    if (error === undefined) this.#spans.root.end(time, attributes);
    else
      this.#spans.root.fail(time, this.#redact(error.message), {
        ...attributes,
        [general.errorType]: error.type,
      });
  }

  #finish(
    open: OpenSpan | undefined,
    time: number,
    result: 'ok' | 'failed' | 'aborted' | 'unknown',
    failure: Failure | undefined,
    attributes: Attributes,
  ): void {
    const all = {
      ...attributes,
      [own.result]: result,
      ...(failure ? { [general.errorType]: failure.code } : {}),
    };
    // An abort is what somebody asked for, not an error.
    if (failure === undefined || result === 'aborted') open?.end(time, all);
    else open?.fail(time, this.#redact(failure.message), all);
  }

  #agentAttributes(agentId: string): Attributes {
    return { [genAi.agentId]: agentId, [own.workflowId]: this.#state.workflowId };
  }

  #start(name: string, kind: SpanKind, time: number, attributes: Attributes, parent: Context): OpenSpan {
    return new OpenSpan(this.#tracer.startSpan(name, { kind, startTime: time, attributes }, parent), time);
  }
}

function serverOf(address: string): Attributes {
  if (!URL.canParse(address)) return {};
  const { hostname, port, protocol } = new URL(address);
  return {
    [general.serverAddress]: hostname,
    [general.serverPort]: Number(port) || (protocol === 'http:' ? 80 : 443),
  };
}
