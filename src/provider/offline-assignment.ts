import type { Brief } from './model-provider.ts';
import { offlineAnswer } from './offline-answer.ts';
import { offlineSynthesis } from './offline-synthesis.ts';
import { offlineValue } from './offline-value.ts';

type AssignmentBrief = Extract<Brief, { kind: 'assignment' }>;

/**
 * An assignment without a model: JSON chosen by the words the material shares with the instruction; or what the
 * passages say to the instruction, then what the outputs handed in say. What does not fit is left out from the end.
 */
export function offlineAssignment(brief: AssignmentBrief, fits: (text: string) => boolean): string {
  const { task, instruction, passages, missing, schema } = brief;
  if (schema) return offlineValue(schema, brief);
  // What judges other outputs is no statement on the subject, and would be quoted as one.
  const findings = brief.findings.filter(({ text }) => !text.trimStart().startsWith('{'));
  // An instruction alone may name no subject: "write a short text about it".
  const question = `${instruction} ${task}`;
  const answer = (): string => offlineAnswer({ kind: 'answer', task, question, passages }, fits);
  const merged = (): string =>
    offlineSynthesis({ kind: 'synthesise', task: question, level: 'final', findings, missing }, fits);
  if (findings.length === 0) return answer();
  if (passages.length === 0) return merged();
  const both = `${answer()}\n\n${merged()}`;
  return fits(both) ? both : merged();
}
