import type { RunOptions__Input, RunOptions__Output } from '../gen/orchestrator/v1/RunOptions.ts';
import type { Reserve__Input } from '../gen/orchestrator/v1/Reserve.ts';
import type { RunOptions } from '../workflow/event.ts';
import { usdOf } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import type { Reserve } from '../workflow/reserve.ts';
import { countOf } from './request-field.ts';
import { durationMessage, durationMsOf, optionalDuration } from './timestamp.ts';

/**
 * The options as the caller wrote them, for the application to validate: unset fields left out, durations in
 * milliseconds. Throws `invalid` for numbers and durations that have no exact form here.
 */
export function writtenOptions(options: RunOptions__Output | null): Record<string, unknown> {
  if (!options) return {};
  const at = (field: string): [string, string] => ['options', field];
  return {
    ...text('providerName', options.providerName),
    ...text('model', options.model),
    ...text('workerModel', options.workerModel),
    ...text('synthesisModel', options.synthesisModel),
    ...given('generateDocuments', options.generateDocuments),
    ...(options.documentFormats.length > 0 && { documentFormats: options.documentFormats }),
    ...text('webhookUrl', options.webhookUrl),
    ...(options.workflowTimeout &&
      positive(
        'workflowTimeoutMs',
        durationMsOf(options.workflowTimeout, limits.workflowTimeoutMsMax, ...at('workflowTimeout')),
      )),
    ...(options.agentTimeout &&
      positive(
        'agentTimeoutMs',
        durationMsOf(options.agentTimeout, limits.agentTimeoutMsMax, ...at('agentTimeout')),
      )),
    ...given('maxRetries', options.maxRetries),
    ...given('maxConcurrentAgents', options.maxConcurrentAgents),
    ...given('maxCostUsd', options.maxCostUsd),
    ...(options.maxTokens !== undefined && { maxTokens: countOf(options.maxTokens, ...at('maxTokens')) }),
    ...text('onLimit', options.onLimit),
    ...given('minSuccessfulAgents', options.minSuccessfulAgents),
    ...(Object.keys(options.labels).length > 0 && { labels: options.labels }),
    ...(options.priority !== 0 && { priority: options.priority }),
    ...(options.documents.length > 0 && {
      documents: options.documents.map(({ name, text: content }) => ({ name, text: content })),
    }),
    ...text('corpus', options.corpus),
    ...given('maxOutputTokens', options.maxOutputTokens),
  };
}

/** A proto3 string without presence: empty is unset. */
export function text(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

/** A field with presence. */
export function given<T>(name: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [name]: value };
}

/** A limit of time: 0 is unset. */
function positive(name: string, value: number): Record<string, number> {
  return value === 0 ? {} : { [name]: value };
}

/** The options a run has, defaults filled. */
export function runOptionsMessage(options: RunOptions, corpus: string | undefined): RunOptions__Input {
  return {
    providerName: options.providerName,
    model: options.models.plan,
    workerModel: options.models.work,
    synthesisModel: options.models.synthesis,
    generateDocuments: options.generateDocuments,
    documentFormats: options.documentFormats,
    webhookUrl: options.webhookUrl ?? '',
    workflowTimeout: durationMessage(options.workflowTimeoutMs),
    agentTimeout: optionalDuration(options.agentTimeoutMs),
    maxRetries: options.maxRetries,
    maxConcurrentAgents: options.maxConcurrentAgents,
    ...(options.maxCostNanoUsd !== undefined && { maxCostUsd: usdOf(options.maxCostNanoUsd) }),
    ...(options.maxTokens !== undefined && { maxTokens: options.maxTokens }),
    onLimit: options.onLimit,
    minSuccessfulAgents: options.minSuccessfulAgents,
    labels: options.labels,
    priority: options.priority,
    corpus: corpus ?? '',
    maxOutputTokens: options.maxOutputTokens,
    reserve: options.reserve ? reserveMessage(options.reserve) : null,
  };
}

function reserveMessage({ costNanoUsd, tokens, timeMs }: Reserve): Reserve__Input {
  return {
    ...given('costNanoUsd', costNanoUsd),
    ...given('tokens', tokens),
    time: durationMessage(timeMs),
  };
}
