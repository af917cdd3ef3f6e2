import type { z } from 'zod';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Violation } from './application-error.ts';
import { formatsOf, later, startOptionsSchema, type StartOptions } from './start-options.ts';

export interface RefusalSources {
  readonly catalog: ProviderCatalog;
  readonly defaultProvider: string;
  readonly corpora: readonly string[];
  readonly supportedFormats: readonly string[];
}

/** What this server cannot do, field by field, of options that are well formed. */
export function refusalsOf(options: StartOptions, deps: RefusalSources): readonly Violation[] {
  const violations: Violation[] = [];
  const refusal = deps.catalog.refusal(options.providerName || deps.defaultProvider);
  if (refusal)
    violations.push({
      path: ['options', 'providerName'],
      message: refusal.message,
      code: refusal.code.toUpperCase(),
    });

  for (const format of formatsOf(options)) {
    if (!deps.supportedFormats.includes(format))
      violations.push(
        later(
          'documentFormats',
          `"${format}" documents are not supported yet; use ${deps.supportedFormats.join(', ')}`,
        ),
      );
  }
  if (options.webhookUrl)
    violations.push(later('webhookUrl', 'webhooks are not supported yet; watch the workflow instead'));
  if (options.corpus && !deps.corpora.includes(options.corpus)) {
    const known = deps.corpora.length > 0 ? `known: ${deps.corpora.join(', ')}` : 'this server has none';
    violations.push({
      path: ['options', 'corpus'],
      message: `no corpus is named "${options.corpus}"; ${known}`,
      code: 'UNKNOWN_CORPUS',
    });
  }
  if (options.corpus && options.documents.length > 0) {
    violations.push({
      path: ['options', 'corpus'],
      message: 'give either documents or a corpus, not both',
      code: 'CONFLICT',
    });
  }
  return violations;
}

/** The options without the fields that are malformed, so that the others can be looked at all the same. */
export function readableOptions(
  options: Readonly<Record<string, unknown>>,
  error: z.ZodError,
): StartOptions | undefined {
  const malformed = new Set(error.issues.map(({ path }) => path[0]));
  const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !malformed.has(name)));
  return startOptionsSchema.safeParse(rest).data;
}
