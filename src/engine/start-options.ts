import { z } from 'zod';
import type { Estimate } from '../orchestrator/orchestrator.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { RunOptions } from '../workflow/event.ts';
import { nanoUsdOf } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import { reserveOf } from '../workflow/reserve.ts';
import type { Capped } from './day-budget.ts';
import type { Violation } from './application-error.ts';

const formats = ['markdown', 'docx', 'pdf'] as const;

const seconds = (ms: number): string => `${ms / 1000} s`;
const milliseconds = (max: number): z.ZodNumber =>
  z
    .number()
    .nonnegative('must not be negative')
    .max(max, `must be at most ${seconds(max)}`);
const integer = (min: number, max: number): z.ZodNumber =>
  z
    .number()
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const modelName = z
  .string()
  .trim()
  .max(limits.modelNameCharsMax, `must have at most ${limits.modelNameCharsMax} characters`);

/** RunOptions as a caller writes them; durations in ms. An empty string counts as unset, as protobuf has it. */
export const startOptionsSchema = z.strictObject({
  providerName: z
    .string()
    .regex(/^([a-z_]+)?$/, 'must consist of lower-case letters and underscores, for example xai')
    .optional(),
  model: modelName.optional(),
  workerModel: modelName.optional(),
  synthesisModel: modelName.optional(),
  generateDocuments: z.boolean().default(true),
  documentFormats: z
    .array(
      z.string().refine((format) => (formats as readonly string[]).includes(format), {
        error: (issue) => `"${String(issue.input)}" is not a document format; use markdown, docx or pdf`,
      }),
    )
    .max(formats.length * 4, 'names more formats than there are')
    .optional(),
  webhookUrl: z
    .string()
    .regex(/^(https?:\/\/.+)?$/, 'must begin with http:// or https://')
    .optional(),
  /** 0 or absent: computed from the agents. */
  workflowTimeoutMs: milliseconds(limits.workflowTimeoutMsMax).optional(),
  /** 0 or absent: each role's own default. */
  agentTimeoutMs: milliseconds(limits.agentTimeoutMsMax).optional(),
  maxRetries: integer(0, limits.retriesMax).default(limits.retriesDefault),
  maxConcurrentAgents: integer(1, limits.concurrentAgentsMax).default(limits.concurrentAgentsDefault),
  /** Absent: the smallest limit that is known of the run's models, else `limits.outputTokensDefault`. */
  maxOutputTokens: integer(1, limits.outputTokensMax).optional(),
  maxCostUsd: z
    .number()
    .positive('must be greater than 0; leave it out for no cap')
    .max(limits.costUsdMax, `must be at most ${limits.costUsdMax}`)
    .optional(),
  maxTokens: integer(1, limits.tokensMax).optional(),
  onLimit: z
    .string()
    .refine((value) => ['', 'fail', 'conclude'].includes(value), {
      error: (issue) => `"${String(issue.input)}" is unknown; use fail or conclude`,
    })
    .default('fail'),
  minSuccessfulAgents: integer(1, limits.agentsMax).default(1),
  labels: z
    .record(
      z
        .string()
        .min(1, 'a label needs a name')
        .max(
          limits.labelKeyCharsMax,
          `a label's name must have at most ${limits.labelKeyCharsMax} characters`,
        ),
      z.string().max(limits.labelValueCharsMax, `must have at most ${limits.labelValueCharsMax} characters`),
    )
    .refine(
      (labels) => Object.keys(labels).length <= limits.labelsMax,
      `must hold at most ${limits.labelsMax} labels`,
    )
    .default({}),
  priority: integer(limits.priorityMin, limits.priorityMax).default(0),
  documents: z
    .array(
      z.strictObject({
        name: z
          .string()
          .trim()
          .min(1, 'a document needs a name')
          .max(limits.documentNameCharsMax, `must have at most ${limits.documentNameCharsMax} characters`),
        text: z.string().min(1, 'a document needs a text'),
      }),
    )
    .refine(
      (documents) => new Set(documents.map(({ name }) => name)).size === documents.length,
      'two documents have the same name; each needs its own',
    )
    .max(limits.inlineDocumentsMax, `must hold at most ${limits.inlineDocumentsMax} documents`)
    .refine(
      (documents) =>
        documents.reduce((sum, { text }) => sum + Buffer.byteLength(text, 'utf8'), 0) <=
        limits.inlineDocumentBytesMax,
      `must hold at most ${limits.inlineDocumentBytesMax / 1024} KiB of text together; put larger ones into a corpus`,
    )
    .default([]),
  corpus: z.string().optional(),
});

export type StartOptions = z.infer<typeof startOptionsSchema>;

/** The formats asked for, each once; markdown when none is. */
export function formatsOf(options: StartOptions): RunOptions['documentFormats'] {
  const asked = options.documentFormats?.length ? options.documentFormats : (['markdown'] as const);
  return formats.filter((format) => (asked as readonly string[]).includes(format));
}

/** zod's findings in the terms of the application; at most `limits.fieldViolationsMax`. */
export function violationsOf(error: z.ZodError, prefix: readonly string[]): Violation[] {
  return error.issues
    .flatMap((issue): Violation[] => {
      const path = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          path: [...path, key],
          message: 'is not a field of this request',
          code: 'UNKNOWN_FIELD',
        }));
      }
      // Of a bad name in a record zod says only that it is one; why stands inside.
      const cause = issue.code === 'invalid_key' ? issue.issues[0] : undefined;
      return [
        {
          path,
          message: cause?.message ?? issue.message,
          code: issue.code === 'custom' ? 'INVALID_VALUE' : issue.code.toUpperCase(),
        },
      ];
    })
    .slice(0, limits.fieldViolationsMax);
}

/** A valid wish that this version does not grant. */
export const later = (field: string, message: string): Violation => ({
  path: ['options', field],
  message,
  code: 'NOT_SUPPORTED_YET',
});

/** One number for all roles, so it must fit the most modest of the models. */
function outputLimitOf(catalog: ProviderCatalog, provider: string, models: readonly string[]): number {
  const known = models.flatMap((model) => catalog.outputLimit?.(provider, model) ?? []);
  return known.length > 0 ? Math.min(...known) : limits.outputTokensDefault;
}

/**
 * Fills in every default, so that a later configuration changes nothing for this run. The options are ones that
 * `refusalsOf` has nothing against; what only the whole of them shows to be wrong is named here.
 */
export function resolveOptions(
  options: StartOptions,
  deps: {
    readonly catalog: ProviderCatalog;
    readonly defaultProvider: string;
    readonly dayBudget: Capped;
    readonly estimate: (agentTimeoutMs: number | undefined) => Estimate;
  },
): { readonly options: RunOptions | undefined; readonly violations: readonly Violation[] } {
  const violations: Violation[] = [];
  const providerName = options.providerName || deps.defaultProvider;
  const agentTimeoutMs = options.agentTimeoutMs || undefined;
  const estimate = deps.estimate(agentTimeoutMs);
  if (options.minSuccessfulAgents > estimate.workers) {
    violations.push({
      path: ['options', 'minSuccessfulAgents'],
      message: `must be at most the number of agents, ${estimate.workers}`,
      code: 'TOO_BIG',
    });
  }
  const defaults = deps.catalog.defaultModels(providerName);
  const models = {
    plan: options.model || defaults.plan,
    work: options.workerModel || options.model || defaults.work,
    synthesis: options.synthesisModel || options.model || defaults.synthesis,
  };
  if (options.maxCostUsd !== undefined || deps.dayBudget.caps?.maxCostNanoUsd !== undefined) {
    const unpriced = [...new Set(Object.values(models))].filter(
      (model) => deps.catalog.price(providerName, model, { inputTokens: 1, outputTokens: 1 }) === undefined,
    );
    if (unpriced.length > 0) {
      violations.push(
        later(
          options.maxCostUsd === undefined ? 'model' : 'maxCostUsd',
          `a cost cap${options.maxCostUsd === undefined ? ' of the day (daily_max_cost_usd of this server)' : ''} needs known prices, and none is known for ${unpriced.join(', ')} of ${providerName}`,
        ),
      );
    }
  }
  if (violations.length > 0) return { options: undefined, violations };

  const byAgents = estimate.workers * (agentTimeoutMs ?? limits.agentTimeoutMs) * 1.5;
  const workflowTimeoutMs =
    options.workflowTimeoutMs || Math.min(limits.workflowTimeoutMsMax, Math.max(byAgents, estimate.stagesMs));
  const onLimit = options.onLimit === 'conclude' ? 'conclude' : 'fail';
  const caps = {
    ...(options.maxCostUsd !== undefined && { maxCostNanoUsd: nanoUsdOf(options.maxCostUsd) }),
    ...(options.maxTokens !== undefined && { maxTokens: options.maxTokens }),
  };
  return {
    violations,
    options: {
      providerName,
      models,
      generateDocuments: options.generateDocuments,
      documentFormats: formatsOf(options),
      workflowTimeoutMs,
      ...(agentTimeoutMs !== undefined && { agentTimeoutMs }),
      maxRetries: options.maxRetries,
      maxConcurrentAgents: options.maxConcurrentAgents,
      maxOutputTokens:
        options.maxOutputTokens ?? outputLimitOf(deps.catalog, providerName, Object.values(models)),
      ...caps,
      onLimit,
      ...(onLimit === 'conclude' && {
        reserve: reserveOf(caps, workflowTimeoutMs, agentTimeoutMs ?? limits.finalTimeoutMs),
      }),
      minSuccessfulAgents: options.minSuccessfulAgents,
      labels: options.labels,
      priority: options.priority,
    },
  };
}
