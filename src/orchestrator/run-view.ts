import type { z } from 'zod';
import { contentOf, isActive, type WorkflowState } from '../workflow/state.ts';
import { parametersOf } from './assignment.ts';
import { typedAnswer } from './typed-answer.ts';

/** A run as the rules of a defined orchestrator see it. Asked the same, it answers the same. */
export interface RunView<Input> {
  readonly input: Input;
  /** The text of an agent that completed; undefined: there is none (yet). */
  readonly text: (id: string) => string | undefined;
  /** The typed answer of an agent that completed; `answer` is the schema of its assignment. */
  readonly answer: <T>(id: string, answer: z.ZodType<T>) => T | undefined;
  /** Whether these agents have all ended, whichever way. */
  readonly ended: (...ids: readonly string[]) => boolean;
  /** Whether the agent ended without a result. */
  readonly failed: (id: string) => boolean;
}

export function runView<Input>(state: WorkflowState, input: Input): RunView<Input> {
  const completed = (id: string) => {
    const agent = state.agents.get(id);
    return agent?.status === 'completed' ? agent : undefined;
  };
  return {
    input,
    text: (id) => {
      const agent = completed(id);
      return agent && contentOf(agent);
    },
    answer: (id, schema) => {
      const agent = completed(id);
      const frozen = agent && parametersOf(agent.parameters).answerSchema;
      if (!agent || !frozen) return undefined;
      const read = typedAnswer(contentOf(agent) ?? '', frozen);
      return read.type === 'value' ? schema.parse(read.value) : undefined;
    },
    ended: (...ids) =>
      ids.every((id) => {
        const agent = state.agents.get(id);
        return agent !== undefined && !isActive(agent);
      }),
    failed: (id) => state.agents.get(id)?.status === 'failed',
  };
}
