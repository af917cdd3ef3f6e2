import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { OrchestratorRegistry } from '../orchestrator/registry.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Blob } from '../store/event-store.ts';
import type { EventOf } from '../workflow/event.ts';
import { limits } from '../workflow/limits.ts';
import { ApplicationError, type Violation } from './application-error.ts';
import type { StartRequest } from './application.ts';
import type { Capped } from './day-budget.ts';
import { brokenTextsOf } from './broken-text.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256Of } from './material.ts';
import { resolveOptions, startOptionsSchema, violationsOf } from './start-options.ts';
import { readableOptions, refusalsOf } from './start-refusals.ts';

export interface StartDeps {
  readonly clock: Clock;
  readonly registry: OrchestratorRegistry;
  readonly catalog: ProviderCatalog;
  readonly corpora: readonly string[];
  readonly supportedFormats: readonly string[];
  readonly defaultProvider: string;
  readonly dayBudget: Capped;
}

/** A start that is valid: what will be the log's first event, and the texts it refers to. */
export interface PreparedStart {
  readonly orchestrator: Orchestrator;
  readonly event: EventOf<'workflow_started'>;
  readonly blobs: readonly Blob[];
}

const titleSchema = z
  .string()
  .trim()
  .refine(
    (title) => [...title].length <= limits.titleCharsMax,
    `must have at most ${limits.titleCharsMax} characters`,
  )
  .optional();
const requestIdSchema = z
  .string()
  .max(limits.requestIdCharsMax, `must have at most ${limits.requestIdCharsMax} characters`)
  .regex(/^[\x21-\x7e]*$/, 'must consist of printable ASCII characters without spaces')
  .optional();
const traceparentPattern = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/;

/** What identifies a request's content: everything but its id, before any default is filled in. */
export function bodyHashOf(request: StartRequest): string {
  const { orchestrator, input, title, options } = request;
  return sha256Of(canonicalJson({ orchestrator, input, title, options }));
}

/** Checks the whole request and names every bad field at once; nothing is started, nothing costs anything. */
export function prepareStart(request: StartRequest, deps: StartDeps): PreparedStart {
  const violations: Violation[] = [];
  const orchestrator = deps.registry.get(request.orchestrator);
  if (!orchestrator) {
    const known = deps.registry
      .list()
      .map(({ name }) => name)
      .join(', ');
    throw invalid([
      {
        path: ['orchestrator'],
        message: `no orchestrator is named "${request.orchestrator}"; known: ${known}`,
        code: 'UNKNOWN_ORCHESTRATOR',
      },
    ]);
  }
  const requestId = requestIdSchema.safeParse(request.requestId);
  if (!requestId.success) violations.push(...violationsOf(requestId.error, ['requestId']));
  const title = titleSchema.safeParse(request.title);
  if (!title.success) violations.push(...violationsOf(title.error, ['title']));
  const input = orchestrator.inputSchema.safeParse(request.input);
  if (!input.success) violations.push(...violationsOf(input.error, request.inputPath));
  violations.push(
    ...brokenTextsOf(request.input, request.inputPath),
    ...brokenTextsOf(request.title, ['title']),
    ...brokenTextsOf(request.options['labels'], ['options', 'labels']),
  );
  const inputBytes = Buffer.byteLength(JSON.stringify(request.input), 'utf8');
  if (inputBytes > limits.inputBytesMax) {
    violations.push({
      path: request.inputPath,
      message: `holds ${inputBytes} bytes, at most ${limits.inputBytesMax} are allowed; give large texts as documents`,
      code: 'TOO_BIG',
    });
  }
  const written = startOptionsSchema.safeParse(request.options);
  if (!written.success) violations.push(...violationsOf(written.error, ['options']));
  const readable = written.success ? written.data : readableOptions(request.options, written.error);
  if (readable) violations.push(...refusalsOf(readable, deps));
  if (violations.length > 0 || !input.success || !written.success || !title.success || !requestId.success) {
    throw invalid(violations);
  }

  const resolved = resolveOptions(written.data, {
    ...deps,
    estimate: (agentTimeoutMs) =>
      orchestrator.estimate(input.data, {
        agentTimeoutMs,
        maxConcurrentAgents: written.data.maxConcurrentAgents,
      }),
  });
  if (!resolved.options) throw invalid(resolved.violations);

  const documents = written.data.documents.map(({ name, text }) => {
    const bytes = Buffer.from(text.toWellFormed(), 'utf8');
    return { name: name.toWellFormed(), sha256: sha256Of(bytes), bytes };
  });
  const event: EventOf<'workflow_started'> = {
    type: 'workflow_started',
    tenant: request.tenant,
    orchestrator: orchestrator.name,
    orchestratorVersion: orchestrator.version,
    task: orchestrator.taskOf(input.data),
    title: title.data || orchestrator.defaultTitle(input.data),
    input: input.data,
    options: resolved.options,
    sources: documents.map(({ name, sha256, bytes }) => ({ name, sha256, bytes: bytes.byteLength })),
  };
  if (written.data.corpus) event.corpus = written.data.corpus;
  if (requestId.data) event.requestId = requestId.data;
  Object.assign(event, traceOf(request.traceparent, deps.clock));
  if (request.callerRequestId) event.callerRequestId = request.callerRequestId;
  return { orchestrator, event, blobs: documents.map(({ sha256, bytes }) => ({ sha256, bytes })) };
}

/**
 * The identity of the workflow's root span, announced in the log before there is a span: in the caller's trace when
 * there is one, so that a caller finds the run, its spans and its provider calls under the trace it began.
 */
function traceOf(
  caller: string | undefined,
  clock: Clock,
): { traceparent: string; callerTraceparent?: string } {
  const [, traceId, flags] = traceparentPattern.exec(caller ?? '') ?? [];
  if (caller === undefined || traceId === undefined || flags === undefined) {
    return { traceparent: `00-${clock.hex(16)}-${clock.hex(8)}-01` };
  }
  return { traceparent: `00-${traceId}-${clock.hex(8)}-${flags}`, callerTraceparent: caller };
}

function invalid(violations: readonly Violation[]): ApplicationError {
  const unsupported = violations.length > 0 && violations.every(({ code }) => code === 'NOT_SUPPORTED_YET');
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return new ApplicationError(
    'invalid',
    `${first ? `${first.path.join('.')}: ${first.message}` : 'invalid request'}${more}`,
    {
      reason: unsupported ? 'NOT_SUPPORTED_YET' : 'INVALID_REQUEST',
      violations,
    },
  );
}
