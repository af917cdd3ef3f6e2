import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { AgentSpec } from './orchestrator.ts';

/** What an agent of a defined orchestrator is asked to do. */
export interface Assignment {
  /** Stable inside the run, for example `step/0`; an id names one agent for ever. */
  readonly id: string;
  readonly title: string;
  /** What to do; the words of the orchestrator's author or of its caller. */
  readonly instruction: string;
  /** Agents whose outputs are its material, in order. All must have ended; those that failed are named as missing. */
  readonly from?: readonly string[];
  /** Looked up in the run's documents; the best passages become its material. Absent: it gets none. */
  readonly search?: string;
  /** Its answer is JSON of this form, checked, with one repair turn. Absent: text. */
  readonly answer?: z.ZodType;
  /** `step` works (default), `evaluator` judges or decides, `final` writes the run's result. Chooses the model too. */
  readonly role?: 'step' | 'evaluator' | 'final';
  /** The run goes on when it fails. Default: it fails. */
  readonly optional?: boolean;
}

/** What is frozen with an assigned agent beside its inputs. */
const parametersSchema = z.object({
  instruction: z.string(),
  answerSchema: z.record(z.string(), z.unknown()).optional(),
  optional: z.boolean().optional(),
});
export type AssignmentParameters = z.infer<typeof parametersSchema>;

const decoded = new WeakMap<object, AssignmentParameters>();

export function parametersOf(raw: Readonly<Record<string, unknown>>): AssignmentParameters {
  const known = decoded.get(raw);
  if (known) return known;
  const parameters = parametersSchema.parse(raw);
  decoded.set(raw, parameters);
  return parameters;
}

/** The agent that carries an assignment out. */
export function specOf(state: WorkflowState, assignment: Assignment): AgentSpec {
  const { id, title, instruction, from = [], search, answer, role = 'step', optional = false } = assignment;
  const { models, agentTimeoutMs } = state.options;
  const model = { step: models.work, evaluator: models.plan, final: models.synthesis }[role];
  return {
    agentId: id,
    role,
    stage: role === 'final' ? { type: 'synthesis', level: 'final' } : { type: 'work' },
    title,
    inputAgentIds: from,
    ...(search !== undefined && { passageQuery: search }),
    parameters: {
      instruction,
      ...(answer && { answerSchema: jsonSchemaOf(answer) }),
      ...(optional && { optional }),
    },
    model,
    timeoutMs: agentTimeoutMs ?? limits.stepTimeoutMs,
  };
}

function jsonSchemaOf(answer: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(answer, { io: 'input' });
  return schema;
}
