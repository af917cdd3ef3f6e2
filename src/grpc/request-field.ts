import { ApplicationError } from '../engine/application-error.ts';
import { defaultTenant, type WorkflowKey, workflowIdPattern } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';

// Reading the fields of requests that the application does not validate itself. Paths are lowerCamelCase.

/** One bad field as the application reports them. */
export function invalid(path: readonly (string | number)[], message: string, code: string): ApplicationError {
  return new ApplicationError('invalid', `${path.join('.')}: ${message}`, {
    reason: 'INVALID_REQUEST',
    violations: [{ path, message, code }],
  });
}

/** The workflow a request names; throws `invalid` unless the whole text is a workflow id. */
export function workflowKeyOf(workflowId: string): WorkflowKey {
  if (!workflowIdPattern.test(workflowId)) {
    throw invalid(
      ['workflowId'],
      'must be an orchestrator name, an underscore and 12 lower-case hexadecimal digits, for example research_0a1b2c3d4e5f',
      workflowId === '' ? 'REQUIRED' : 'INVALID_FORMAT',
    );
  }
  return { tenant: defaultTenant, workflowId };
}

/** An int64 as a number; throws `invalid` when it is negative or not exact. */
export function countOf(value: string, ...path: string[]): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw invalid(path, `must be between 0 and ${Number.MAX_SAFE_INTEGER}`, 'OUT_OF_RANGE');
  }
  return count;
}

/** 0 is the default, more than the maximum is the maximum; throws `invalid` when negative. */
export function pageSizeOf(pageSize: number): number {
  if (pageSize < 0) throw invalid(['pageSize'], 'must not be negative', 'TOO_SMALL');
  return pageSize === 0 ? limits.pageSizeDefault : Math.min(pageSize, limits.pageSizeMax);
}

/** A caller's words for the log; undefined when there are none. */
export function reasonOf(reason: string): string | undefined {
  if ([...reason].length > limits.reasonCharsMax) {
    throw invalid(['reason'], `must be at most ${limits.reasonCharsMax} characters`, 'TOO_BIG');
  }
  return reason === '' ? undefined : reason;
}

/**
 * Labels to look for. They are compared with those of every workflow on the way, so there may be no more, and none
 * longer, than a workflow can have.
 */
export function wantedLabels(
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const wanted = Object.entries(labels);
  if (wanted.length > limits.labelsMax)
    throw invalid(['labels'], `must hold at most ${limits.labelsMax} labels`, 'TOO_BIG');
  for (const [name, value] of wanted) {
    if (name.length > limits.labelKeyCharsMax)
      throw invalid(
        ['labels'],
        `a label's name must have at most ${limits.labelKeyCharsMax} characters`,
        'TOO_BIG',
      );
    if (value.length > limits.labelValueCharsMax)
      throw invalid(['labels', name], `must have at most ${limits.labelValueCharsMax} characters`, 'TOO_BIG');
  }
  return wanted.length > 0 ? labels : undefined;
}
