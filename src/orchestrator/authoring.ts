// What the author of a custom orchestrator imports, as `mcp-orchestrator/orchestrator`.
export { z } from 'zod';
export type { Assignment } from './assignment.ts';
export { defineOrchestrator, type Definition, type Move } from './define-orchestrator.ts';
export type {
  AgentSpec,
  Decision,
  Estimate,
  Orchestrator,
  PassageText,
  Prompt,
  PromptBrief,
  PromptMessage,
  Report,
  ReportSection,
  SourceEntry,
  Verdict,
} from './orchestrator.ts';
export { citationsOf, citedContent, knownHandles } from './citation.ts';
export { fenced } from './prompts.ts';
export type { RunView } from './run-view.ts';
export type { AgentState, WorkflowState } from '../workflow/state.ts';
