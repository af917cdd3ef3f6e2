import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { roles } from './role.ts';

// The vocabulary of the log. What is written once stays readable for ever: fields are added as optional, never
// renamed, removed or given another meaning. Times are ms since the epoch, durations ms, money integer nano-USD.

const text = z.string();
const count = z.number().int().nonnegative();
const time = z.number();
const durationMs = z.number().nonnegative();
const nanoUsd = count;

/** Tokens as the provider counts them; input is the total, cached tokens included. */
export const usageSchema = z.object({ inputTokens: count, outputTokens: count });
export type Usage = z.infer<typeof usageSchema>;

/** A text kept once as a blob, by content. */
export const documentRefSchema = z.object({ name: text, sha256: text, bytes: count });
export type DocumentRef = z.infer<typeof documentRefSchema>;

/** A stretch of a source document, by reference: UTF-16 offsets into the text with that hash. */
export const passageRefSchema = z.object({
  /** Stable inside the workflow, cited as `[handle]`, for example `D3.12`. */
  handle: text,
  documentName: text,
  sha256: text,
  start: count,
  end: count,
});
export type PassageRef = z.infer<typeof passageRefSchema>;

/** What a tool call found, as a source: a passage of a document, or a text whose blob has that hash. */
export const toolSourceSchema = passageRefSchema.extend({
  /** Where it can be looked at; absent: nowhere but in this workflow. */
  url: text.optional(),
  title: text.optional(),
});
export type ToolSourceRef = z.infer<typeof toolSourceSchema>;

export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const levels = ['group', 'executive', 'final'] as const;
export type Level = (typeof levels)[number];

/** What kind of work an agent does for its workflow; decides which stage events accompany it. */
export const stageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan') }),
  z.object({ type: z.literal('work') }),
  z.object({ type: z.literal('synthesis'), level: z.enum(levels) }),
]);
export type Stage = z.infer<typeof stageSchema>;

export const subtaskSchema = z.object({
  title: text,
  question: text,
  /** A specialisation the orchestrator knows, for example `news`. */
  type: text.optional(),
});
export type Subtask = z.infer<typeof subtaskSchema>;

/** A run's options with every default filled in; what a later configuration says changes nothing. */
export const runOptionsSchema = z.object({
  providerName: text,
  /** Which model each kind of work uses. */
  models: z.object({ plan: text, work: text, synthesis: text }),
  generateDocuments: z.boolean(),
  documentFormats: z.array(z.enum(['markdown', 'docx', 'pdf'])),
  webhookUrl: text.optional(),
  /** Runs from admission. */
  workflowTimeoutMs: durationMs,
  /** All attempts and backoff of one agent; absent: the role's own default. */
  agentTimeoutMs: durationMs.optional(),
  maxRetries: count,
  maxConcurrentAgents: count,
  maxOutputTokens: count,
  maxCostNanoUsd: nanoUsd.optional(),
  maxTokens: count.optional(),
  onLimit: z.enum(['fail', 'conclude']),
  /** Kept back for the report when `onLimit` is conclude. */
  reserve: z
    .object({ costNanoUsd: nanoUsd.optional(), tokens: count.optional(), timeMs: durationMs })
    .optional(),
  minSuccessfulAgents: count,
  labels: z.record(text, text),
  /** Higher is admitted first. */
  priority: z.number().int(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

/** Why a call or an agent was stopped. */
export const abortCauses = ['cancel', 'deadline', 'conclude', 'shutdown', 'crash', 'ended'] as const;
export type AbortCause = (typeof abortCauses)[number];

export const toolCallSchema = z.object({ id: text, name: text, arguments: text });
export type ToolCall = z.infer<typeof toolCallSchema>;

/** What a model answered in one turn. A text is stored here and nowhere else; later events refer to it. */
export const outputSchema = z.object({
  text,
  toolCalls: z.array(toolCallSchema).optional(),
  finishReason: text,
});
export type Output = z.infer<typeof outputSchema>;

/** What a call may cost at most; held in the ledger until the call has ended. */
export const reservationSchema = z.object({
  inputTokens: count,
  outputTokens: count,
  /** Absent: the price of this model is unknown. */
  costNanoUsd: nanoUsd.optional(),
});
export type Reservation = z.infer<typeof reservationSchema>;

/** What was done and billed until a workflow was cancelled. */
export const receiptSchema = z.object({
  /** Stopped by us in flight. */
  callsAborted: count,
  /** Interrupted by a crash; whether the provider answered is unknown. */
  callsUnknown: count,
  callsFinished: count,
  /** Attempt ids of calls that had not obeyed the abort when the workflow was closed. */
  ignoredAbort: z.array(text),
  inputTokens: count,
  outputTokens: count,
  costNanoUsd: nanoUsd,
  /** The part of the cost that is a reservation settled in full, because the provider reported no usage. */
  assumedCostNanoUsd: nanoUsd,
  unpricedCalls: count,
  quiescenceMs: durationMs,
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Error of a workflow that failed or timed out. */
export const workflowErrorSchema = z.object({ type: text, message: text });
export type WorkflowError = z.infer<typeof workflowErrorSchema>;

const agentId = text;

const variants = [
  /** Sequence 1. The caller has its answer when this is durable. */
  z.object({
    type: z.literal('workflow_started'),
    tenant: text,
    orchestrator: text,
    /** Version of the orchestrator's rules; a build that does not know it leaves the log untouched. */
    orchestratorVersion: count,
    /** The task or query, for people. */
    task: text,
    title: text,
    /** The orchestrator's own input, validated, defaults filled. */
    input: z.record(text, z.unknown()),
    options: runOptionsSchema,
    /** Documents that came with the request. */
    sources: z.array(documentRefSchema),
    /** Name of a folder of documents that the server's configuration knows. */
    corpus: text.optional(),
    requestId: text.optional(),
    /** SHA-256 of the request before defaults, as the request's own record has it; absent without a request id. */
    requestBodyHash: text.optional(),
    /** W3C trace context of the workflow's root span. */
    traceparent: text.optional(),
    /** W3C trace context the start request came with; the root span links to it. */
    callerTraceparent: text.optional(),
    /** Id of the call that started it (`x-request-id`), for logs, spans and providers; says nothing about idempotency. */
    callerRequestId: text.optional(),
    /** Set on a fork. */
    forkedFrom: z.object({ workflowId: text, sequence: count }).optional(),
  }),
  /** A slot was given. Each admission, also after a resume, sets the absolute deadline. */
  z.object({ type: z.literal('workflow_admitted'), deadline: time }),
  /** Another process took the workflow over; calls it found open are closed as unknown in the same batch. */
  z.object({
    type: z.literal('workflow_recovered'),
    previousEpoch: count,
    callsInterrupted: count,
    agentsCompletedKept: count,
    callsFinishedKept: count,
  }),
  z.object({ type: z.literal('plan_started'), agentId }),
  z.object({
    type: z.literal('plan_completed'),
    agentId,
    /** How many subtasks the caller asked for and how many there are; fewer run when the model gave fewer. */
    requested: count,
    obtained: count,
    subtasks: z.array(subtaskSchema),
  }),
  /** An agent exists from here on. Its input is frozen: everything a prompt is made of is here or referenced. */
  z.object({
    type: z.literal('agent_scheduled'),
    agentId,
    role: roleSchema,
    stage: stageSchema,
    title: text,
    subtask: subtaskSchema.optional(),
    /** Agents whose outputs are this one's material, in order. */
    inputAgentIds: z.array(text),
    passages: z.array(passageRefSchema),
    /** Anything else the orchestrator's prompt needs. */
    parameters: z.record(text, z.unknown()).optional(),
    model: text,
    /** All attempts and backoff of this agent; runs from its first call. */
    timeoutMs: durationMs,
    /** SHA-256 over the frozen input, referenced outputs included; only a fork compares it. */
    inputHash: text,
    /** Tools it may use, as `server.tool`; nothing else is ever executed for it. Absent: none. */
    tools: z.array(text).optional(),
  }),
  /** Durable before the request leaves: every possible bill is in the log. Turns count from 0, attempts from 1. */
  z.object({
    type: z.literal('model_call_started'),
    agentId,
    turn: count,
    attempt: count,
    provider: text,
    model: text,
    reserved: reservationSchema,
    /** Set in an agent's first call: when the agent's time is over. */
    agentDeadline: time.optional(),
    /** How long it was kept waiting by a rate limit or a breaker before it could begin; not the agent's time. */
    waitedMs: durationMs.optional(),
    /** Whether the model may ask for tools in this turn; absent: it may not. */
    toolsOffered: z.boolean().optional(),
  }),
  /** Settles the reservation. After it the call is never made again. */
  z.object({
    type: z.literal('model_call_ended'),
    agentId,
    turn: count,
    attempt: count,
    result: z.enum(['ok', 'failed', 'aborted', 'unknown']),
    /** Present exactly when result is ok. */
    output: outputSchema.optional(),
    /** Present unless result is ok. */
    failure: failureSchema.optional(),
    /** Present when result is aborted or unknown. */
    cause: z.enum(abortCauses).optional(),
    /** Charged tokens: reported by the provider, or the reservation when `assumed`. */
    usage: usageSchema,
    /** Charged cost; absent: no price is known for the model. */
    costNanoUsd: nanoUsd.optional(),
    /** The provider reported no usage, so the full reservation was charged. */
    assumed: z.boolean(),
    durationMs,
    /** Which price list the cost was computed with. */
    priceSource: text.optional(),
  }),
  z.object({
    type: z.literal('agent_retrying'),
    agentId,
    turn: count,
    /** The attempt that comes. */
    attempt: count,
    cause: failureSchema,
    delayMs: durationMs,
    retryTime: time,
  }),
  /** Durable before the tool is called. A call may start again only when it is idempotent and a crash ended it. */
  z.object({
    type: z.literal('tool_call_started'),
    agentId,
    /** The turn whose answer asked for it. */
    turn: count,
    /** Unique inside the turn. */
    callId: text,
    tool: text,
    /** JSON text as the model wrote it; it fits the tool's schema. */
    arguments: text,
    /** Whether doing it twice is the same as doing it once; absent: it is not, so it is never repeated. */
    idempotent: z.boolean().optional(),
  }),
  /** After it the call is never made again. Without a start before it: the call was refused, nothing was executed. */
  z.object({
    type: z.literal('tool_call_ended'),
    agentId,
    turn: count,
    callId: text,
    result: z.enum(['ok', 'failed', 'aborted', 'unknown']),
    /** What the tool said, cut to its limit; also where it says that it failed. */
    output: text.optional(),
    /** Present unless result is ok. */
    failure: failureSchema.optional(),
    durationMs,
    /** Present when result is aborted or unknown. */
    cause: z.enum(abortCauses).optional(),
    /** What it found, citable by the agent; absent: nothing. */
    sources: z.array(toolSourceSchema).optional(),
  }),
  z.object({
    type: z.literal('agent_completed'),
    agentId,
    /** The turn whose output is the agent's content, and the sequence of the model_call_ended that holds it. */
    turn: count,
    outputSequence: count,
    /** Handles cited by the content that a passage of its material carries. */
    citations: z.array(text),
    /** Handles the content cites that no passage carries; they are dropped from the report. */
    unknownCitations: z.array(text),
    usage: usageSchema,
    costNanoUsd: nanoUsd,
    durationMs,
    attempts: count,
    /** It says that it could not find out: no success and no failure. Absent: its content is an answer. */
    outcome: z.enum(['abstained']).optional(),
    /** Set by a fork: the agent whose result was taken over instead of paying again. */
    reusedFrom: z.object({ workflowId: text, agentId: text, sequence: count }).optional(),
  }),
  z.object({
    type: z.literal('agent_failed'),
    agentId,
    role: roleSchema,
    subtask: subtaskSchema.optional(),
    failure: failureSchema,
    attempts: count,
    durationMs,
  }),
  z.object({ type: z.literal('synthesis_started'), agentId, level: z.enum(levels) }),
  z.object({ type: z.literal('synthesis_completed'), agentId, level: z.enum(levels) }),
  z.object({ type: z.literal('document_started'), format: text }),
  z.object({
    type: z.literal('document_completed'),
    format: text,
    fileName: text,
    mediaType: text,
    sha256: text,
    bytes: count,
    durationMs,
  }),
  z.object({ type: z.literal('document_failed'), format: text, failure: failureSchema }),
  /** 80 % of a cap is spent or held. Once per cap. */
  z.object({ type: z.literal('budget_warning'), cap: z.enum(['cost', 'tokens']), used: count, limit: count }),
  /** A cap does not allow the next call and nothing is held any more. */
  z.object({
    type: z.literal('limit_reached'),
    cap: z.enum(['cost', 'tokens', 'day_cost', 'day_tokens']),
    used: count,
    limit: count,
  }),
  z.object({
    type: z.literal('conclusion_requested'),
    reason: z.enum(['caller', 'deadline', 'budget']),
    graceDeadline: time,
  }),
  /** From here on nothing but workflow_cancelled can end the workflow. */
  z.object({ type: z.literal('cancellation_requested'), reason: text.optional() }),
  /** Clocks stand still; what was left of them is here. */
  z.object({
    type: z.literal('workflow_paused'),
    reason: text.optional(),
    /** Absent: the workflow had not been admitted. */
    remainingMs: durationMs.optional(),
    agentRemainingMs: z.record(text, durationMs),
    /** When the pause itself times out. */
    pauseDeadline: time,
  }),
  /** Back in line for a slot. */
  z.object({ type: z.literal('workflow_resumed') }),
  z.object({
    type: z.literal('workflow_completed'),
    /** Successful working agents divided by the requested ones, 0–1. */
    completeness: z.number(),
    failedAgentIds: z.array(text),
    /** Agent whose content is the report's body. */
    finalAgentId: text.optional(),
    /** Orchestrator-specific outcome, for example the branch taken. */
    details: z.record(text, z.unknown()).optional(),
  }),
  z.object({ type: z.literal('workflow_failed'), error: workflowErrorSchema }),
  z.object({
    type: z.literal('workflow_timed_out'),
    limit: z.enum(['workflow_timeout', 'paused']),
    limitMs: durationMs,
    error: workflowErrorSchema,
  }),
  z.object({ type: z.literal('workflow_cancelled'), receipt: receiptSchema }),
] as const;

export const eventDataSchema = z.discriminatedUnion('type', variants);

/** What happened. */
export type EventData = z.infer<typeof eventDataSchema>;
export type EventType = EventData['type'];

/** The data of one type of event. */
export type EventOf<T extends EventType> = Extract<EventData, { type: T }>;

export const eventTypes = variants.map((variant) => variant.shape.type.value) as readonly EventType[];

/** One immutable entry of a workflow's log. */
export interface WorkflowEvent {
  readonly workflowId: string;
  /** Dense, 1..n. */
  readonly sequence: number;
  /** Wall time of the append, ms since the epoch. */
  readonly time: number;
  /** Ownership period of the process that appended. */
  readonly epoch: number;
  /** 0–100, of the workflow; never falls. */
  readonly progress: number;
  readonly data: EventData;
}

/** The agent an event concerns, if it concerns one. */
export function agentIdOf(data: EventData): string | undefined {
  return 'agentId' in data ? data.agentId : undefined;
}

const terminalTypes: ReadonlySet<EventType> = new Set([
  'workflow_completed',
  'workflow_failed',
  'workflow_timed_out',
  'workflow_cancelled',
]);

export function isTerminalEvent(data: EventData): boolean {
  return terminalTypes.has(data.type);
}
