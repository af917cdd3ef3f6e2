import type { z } from 'zod';
import type { Level, Role, Stage, Subtask } from '../workflow/event.ts';
import type { Failure } from '../workflow/failure.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** An agent that should exist. Everything its prompt is made of, frozen when it is scheduled. */
export interface AgentSpec {
  readonly agentId: string;
  readonly role: Role;
  readonly stage: Stage;
  /** For people and traces. */
  readonly title: string;
  readonly subtask?: Subtask | undefined;
  /** Agents whose contents are its material, in order. All have ended. */
  readonly inputAgentIds: readonly string[];
  /** What to look up in the workflow's documents; the engine freezes the passages found. */
  readonly passageQuery?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly model: string;
  readonly timeoutMs: number;
}

/** What should happen now, from the state alone. Asked again after every append. */
export type Decision =
  /** These agents should exist and do not. */
  | { readonly type: 'schedule'; readonly agents: readonly AgentSpec[] }
  /** These formats should be rendered and have no event yet. */
  | { readonly type: 'render'; readonly formats: readonly string[] }
  | {
      readonly type: 'complete';
      readonly completeness: number;
      readonly failedAgentIds: readonly string[];
      readonly finalAgentId: string | undefined;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly type: 'fail'; readonly errorType: string; readonly message: string }
  /** Agents or documents are under way. */
  | { readonly type: 'wait' };

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A passage of an agent's material with its text, which the engine has looked up. */
export interface PassageText {
  readonly handle: string;
  readonly documentName: string;
  readonly text: string;
}

export interface PromptFinding {
  readonly agentId: string;
  readonly title: string;
  readonly text: string;
}

/** The prompt's content as data, for a provider without a model. Structurally a provider's `Brief`. */
export type PromptBrief =
  | {
      readonly kind: 'plan';
      readonly task: string;
      readonly count: number;
      /** How many subtasks this turn asks for; less than `count` when earlier turns gave some. */
      readonly missing: number;
      /** Titles of the subtasks that are there already. */
      readonly known: readonly string[];
      readonly passages: readonly PassageText[];
      /** Types that subtasks must have one of; absent: they have none. */
      readonly types?: readonly string[];
    }
  | {
      readonly kind: 'answer';
      readonly task: string;
      readonly question: string;
      readonly passages: readonly PassageText[];
    }
  | {
      readonly kind: 'synthesise';
      readonly task: string;
      readonly level: Level;
      readonly findings: readonly PromptFinding[];
      /** What could not be found out: titles of failed or missing parts. */
      readonly missing: readonly string[];
    }
  | {
      readonly kind: 'assignment';
      readonly task: string;
      readonly instruction: string;
      /** Outputs of other agents it works on. */
      readonly findings: readonly PromptFinding[];
      /** Titles of those whose output failed. */
      readonly missing: readonly string[];
      readonly passages: readonly PassageText[];
      /** The answer is JSON of this schema; absent: text. */
      readonly schema?: Readonly<Record<string, unknown>>;
    };

export interface Prompt {
  readonly messages: readonly PromptMessage[];
  readonly brief: PromptBrief;
  readonly jsonSchema?:
    | { readonly name: string; readonly schema: Readonly<Record<string, unknown>> }
    | undefined;
}

/** What an answer means for its agent. */
export type Verdict =
  /** The agent is done; its content is this turn's text. A planner's verdict carries the plan. */
  | {
      readonly type: 'done';
      readonly citations: readonly string[];
      readonly unknownCitations: readonly string[];
      /** The text says that there is no answer. Absent: it is one. */
      readonly outcome?: 'abstained' | undefined;
      readonly plan?: { readonly requested: number; readonly subtasks: readonly Subtask[] } | undefined;
    }
  /** The model is asked once more in the same conversation. `render` of the next turn says what. */
  | { readonly type: 'again' }
  | { readonly type: 'failed'; readonly failure: Failure };

export interface SourceEntry {
  /** 1-based, in order of first citation. */
  readonly number: number;
  readonly handle: string;
  readonly documentName: string;
  /** SHA-256 of the document and UTF-16 offsets of the passage. */
  readonly sha256: string;
  readonly start: number;
  readonly end: number;
  /** Every handle it was cited by, the first one first: agents name what they find themselves. */
  readonly handles: readonly string[];
  /** Where it can be looked at; absent: nowhere but in this workflow. */
  readonly url?: string;
  readonly title?: string;
}

export interface ReportSection {
  readonly heading: string;
  /** 2 or deeper; 1 is the report's title. */
  readonly depth: number;
  /** Markdown as the model wrote it; handles are already numbers, unknown handles removed. */
  readonly markdown: string;
}

/** A report as data, before any format. */
export interface Report {
  readonly title: string;
  /** Label and value, in order. */
  readonly metadata: readonly (readonly [string, string])[];
  readonly sections: readonly ReportSection[];
  readonly sources: readonly SourceEntry[];
  /** Agents that failed, parts without synthesis, citations removed: what the reader must know is missing. */
  readonly gaps: readonly string[];
}

/** Rough time and number of agents a run will need, from its input alone. */
export interface Estimate {
  /** Agents that work (not planners or synthesizers). */
  readonly workers: number;
  /** Agents of all kinds, for progress. */
  readonly agents: number;
  /** Sum over the stages of stage timeout × ceil(agents of the stage / concurrency), ms. */
  readonly stagesMs: number;
}

/** A named pattern of agents: pure rules over a workflow's state. */
export interface Orchestrator {
  /** `^[a-z][a-z_]*$`; the first part of its workflows' ids. */
  readonly name: string;
  /** Raised whenever the rules change in a way that a log written before would not follow. */
  readonly version: number;
  readonly description: string;
  /** Validates and fills defaults. Unknown fields are refused. Field names are lowerCamelCase. */
  readonly inputSchema: z.ZodType<Record<string, unknown>>;
  /** The text people know the run by. */
  taskOf(input: Readonly<Record<string, unknown>>): string;
  defaultTitle(input: Readonly<Record<string, unknown>>): string;
  /** `agentTimeoutMs` absent: each role's own default. */
  estimate(
    input: Readonly<Record<string, unknown>>,
    options: { readonly agentTimeoutMs: number | undefined; readonly maxConcurrentAgents: number },
  ): Estimate;
  next(state: WorkflowState): Decision;
  /** The prompt of the agent's current turn, the same every time for the same log. `passages` are those of its frozen input. */
  render(state: WorkflowState, agentId: string, passages: readonly PassageText[]): Prompt;
  /** Judges the answer of the agent's newest turn, which is already in the state. */
  judge(state: WorkflowState, agentId: string): Verdict;
  /** 0–99 while it runs. */
  progress(state: WorkflowState): number;
  /** The report of a workflow that has all it will get. */
  report(state: WorkflowState): Report;
}
