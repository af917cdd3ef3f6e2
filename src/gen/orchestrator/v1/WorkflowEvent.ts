// Original file: proto/orchestrator/v1/event.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { WorkflowStarted__Input as _orchestrator_v1_WorkflowStarted__Input, WorkflowStarted__Output as _orchestrator_v1_WorkflowStarted__Output } from '../../orchestrator/v1/WorkflowStarted.ts';
import type { WorkflowAdmitted__Input as _orchestrator_v1_WorkflowAdmitted__Input, WorkflowAdmitted__Output as _orchestrator_v1_WorkflowAdmitted__Output } from '../../orchestrator/v1/WorkflowAdmitted.ts';
import type { WorkflowRecovered__Input as _orchestrator_v1_WorkflowRecovered__Input, WorkflowRecovered__Output as _orchestrator_v1_WorkflowRecovered__Output } from '../../orchestrator/v1/WorkflowRecovered.ts';
import type { PlanStarted__Input as _orchestrator_v1_PlanStarted__Input, PlanStarted__Output as _orchestrator_v1_PlanStarted__Output } from '../../orchestrator/v1/PlanStarted.ts';
import type { PlanCompleted__Input as _orchestrator_v1_PlanCompleted__Input, PlanCompleted__Output as _orchestrator_v1_PlanCompleted__Output } from '../../orchestrator/v1/PlanCompleted.ts';
import type { AgentScheduled__Input as _orchestrator_v1_AgentScheduled__Input, AgentScheduled__Output as _orchestrator_v1_AgentScheduled__Output } from '../../orchestrator/v1/AgentScheduled.ts';
import type { ModelCallStarted__Input as _orchestrator_v1_ModelCallStarted__Input, ModelCallStarted__Output as _orchestrator_v1_ModelCallStarted__Output } from '../../orchestrator/v1/ModelCallStarted.ts';
import type { ModelCallEnded__Input as _orchestrator_v1_ModelCallEnded__Input, ModelCallEnded__Output as _orchestrator_v1_ModelCallEnded__Output } from '../../orchestrator/v1/ModelCallEnded.ts';
import type { AgentRetrying__Input as _orchestrator_v1_AgentRetrying__Input, AgentRetrying__Output as _orchestrator_v1_AgentRetrying__Output } from '../../orchestrator/v1/AgentRetrying.ts';
import type { ToolCallStarted__Input as _orchestrator_v1_ToolCallStarted__Input, ToolCallStarted__Output as _orchestrator_v1_ToolCallStarted__Output } from '../../orchestrator/v1/ToolCallStarted.ts';
import type { ToolCallEnded__Input as _orchestrator_v1_ToolCallEnded__Input, ToolCallEnded__Output as _orchestrator_v1_ToolCallEnded__Output } from '../../orchestrator/v1/ToolCallEnded.ts';
import type { AgentCompleted__Input as _orchestrator_v1_AgentCompleted__Input, AgentCompleted__Output as _orchestrator_v1_AgentCompleted__Output } from '../../orchestrator/v1/AgentCompleted.ts';
import type { AgentFailed__Input as _orchestrator_v1_AgentFailed__Input, AgentFailed__Output as _orchestrator_v1_AgentFailed__Output } from '../../orchestrator/v1/AgentFailed.ts';
import type { SynthesisStarted__Input as _orchestrator_v1_SynthesisStarted__Input, SynthesisStarted__Output as _orchestrator_v1_SynthesisStarted__Output } from '../../orchestrator/v1/SynthesisStarted.ts';
import type { SynthesisCompleted__Input as _orchestrator_v1_SynthesisCompleted__Input, SynthesisCompleted__Output as _orchestrator_v1_SynthesisCompleted__Output } from '../../orchestrator/v1/SynthesisCompleted.ts';
import type { DocumentStarted__Input as _orchestrator_v1_DocumentStarted__Input, DocumentStarted__Output as _orchestrator_v1_DocumentStarted__Output } from '../../orchestrator/v1/DocumentStarted.ts';
import type { DocumentCompleted__Input as _orchestrator_v1_DocumentCompleted__Input, DocumentCompleted__Output as _orchestrator_v1_DocumentCompleted__Output } from '../../orchestrator/v1/DocumentCompleted.ts';
import type { DocumentFailed__Input as _orchestrator_v1_DocumentFailed__Input, DocumentFailed__Output as _orchestrator_v1_DocumentFailed__Output } from '../../orchestrator/v1/DocumentFailed.ts';
import type { BudgetWarning__Input as _orchestrator_v1_BudgetWarning__Input, BudgetWarning__Output as _orchestrator_v1_BudgetWarning__Output } from '../../orchestrator/v1/BudgetWarning.ts';
import type { LimitReached__Input as _orchestrator_v1_LimitReached__Input, LimitReached__Output as _orchestrator_v1_LimitReached__Output } from '../../orchestrator/v1/LimitReached.ts';
import type { ConclusionRequested__Input as _orchestrator_v1_ConclusionRequested__Input, ConclusionRequested__Output as _orchestrator_v1_ConclusionRequested__Output } from '../../orchestrator/v1/ConclusionRequested.ts';
import type { CancellationRequested__Input as _orchestrator_v1_CancellationRequested__Input, CancellationRequested__Output as _orchestrator_v1_CancellationRequested__Output } from '../../orchestrator/v1/CancellationRequested.ts';
import type { WorkflowPaused__Input as _orchestrator_v1_WorkflowPaused__Input, WorkflowPaused__Output as _orchestrator_v1_WorkflowPaused__Output } from '../../orchestrator/v1/WorkflowPaused.ts';
import type { WorkflowResumed__Input as _orchestrator_v1_WorkflowResumed__Input, WorkflowResumed__Output as _orchestrator_v1_WorkflowResumed__Output } from '../../orchestrator/v1/WorkflowResumed.ts';
import type { WorkflowCompleted__Input as _orchestrator_v1_WorkflowCompleted__Input, WorkflowCompleted__Output as _orchestrator_v1_WorkflowCompleted__Output } from '../../orchestrator/v1/WorkflowCompleted.ts';
import type { WorkflowFailed__Input as _orchestrator_v1_WorkflowFailed__Input, WorkflowFailed__Output as _orchestrator_v1_WorkflowFailed__Output } from '../../orchestrator/v1/WorkflowFailed.ts';
import type { WorkflowTimedOut__Input as _orchestrator_v1_WorkflowTimedOut__Input, WorkflowTimedOut__Output as _orchestrator_v1_WorkflowTimedOut__Output } from '../../orchestrator/v1/WorkflowTimedOut.ts';
import type { WorkflowCancelled__Input as _orchestrator_v1_WorkflowCancelled__Input, WorkflowCancelled__Output as _orchestrator_v1_WorkflowCancelled__Output } from '../../orchestrator/v1/WorkflowCancelled.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One immutable entry of a workflow's log: durable before anybody hears of it, the same for every reader. A client
 * that does not know a type yet finds its name in `type` and no member of `data`.
 */
export interface WorkflowEvent__Input {
  /**
   * The workflow it belongs to.
   */
  'workflowId'?: (string);
  /**
   * Position in the log: dense, 1..n.
   */
  'sequence'?: (number | string | Long);
  /**
   * When it was appended, UTC.
   */
  'time'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Name of the event, equal to the name of the member of `data`, for example `agent_completed`.
   */
  'type'?: (string);
  /**
   * The agent it concerns; empty when it concerns none.
   */
  'agentId'?: (string);
  /**
   * Progress of the workflow, 0 to 100; never falls.
   */
  'progress'?: (number | string);
  /**
   * Always sequence 1.
   */
  'workflowStarted'?: (_orchestrator_v1_WorkflowStarted__Input | null);
  /**
   * A slot was given.
   */
  'workflowAdmitted'?: (_orchestrator_v1_WorkflowAdmitted__Input | null);
  /**
   * Another process took the workflow over.
   */
  'workflowRecovered'?: (_orchestrator_v1_WorkflowRecovered__Input | null);
  /**
   * Planning began.
   */
  'planStarted'?: (_orchestrator_v1_PlanStarted__Input | null);
  /**
   * There is a plan.
   */
  'planCompleted'?: (_orchestrator_v1_PlanCompleted__Input | null);
  /**
   * An agent exists from here on.
   */
  'agentScheduled'?: (_orchestrator_v1_AgentScheduled__Input | null);
  /**
   * A request to the provider is about to leave.
   */
  'modelCallStarted'?: (_orchestrator_v1_ModelCallStarted__Input | null);
  /**
   * A request to the provider has ended.
   */
  'modelCallEnded'?: (_orchestrator_v1_ModelCallEnded__Input | null);
  /**
   * Another attempt will be made.
   */
  'agentRetrying'?: (_orchestrator_v1_AgentRetrying__Input | null);
  /**
   * A tool is about to be called.
   */
  'toolCallStarted'?: (_orchestrator_v1_ToolCallStarted__Input | null);
  /**
   * A tool call has ended.
   */
  'toolCallEnded'?: (_orchestrator_v1_ToolCallEnded__Input | null);
  /**
   * An agent has its content.
   */
  'agentCompleted'?: (_orchestrator_v1_AgentCompleted__Input | null);
  /**
   * An agent failed for good.
   */
  'agentFailed'?: (_orchestrator_v1_AgentFailed__Input | null);
  /**
   * A synthesis began.
   */
  'synthesisStarted'?: (_orchestrator_v1_SynthesisStarted__Input | null);
  /**
   * A synthesis is there.
   */
  'synthesisCompleted'?: (_orchestrator_v1_SynthesisCompleted__Input | null);
  /**
   * A document is being rendered.
   */
  'documentStarted'?: (_orchestrator_v1_DocumentStarted__Input | null);
  /**
   * A document can be downloaded.
   */
  'documentCompleted'?: (_orchestrator_v1_DocumentCompleted__Input | null);
  /**
   * A document could not be rendered.
   */
  'documentFailed'?: (_orchestrator_v1_DocumentFailed__Input | null);
  /**
   * 80 % of a cap is used.
   */
  'budgetWarning'?: (_orchestrator_v1_BudgetWarning__Input | null);
  /**
   * A cap does not allow the next call.
   */
  'limitReached'?: (_orchestrator_v1_LimitReached__Input | null);
  /**
   * The workflow ends early with what it has.
   */
  'conclusionRequested'?: (_orchestrator_v1_ConclusionRequested__Input | null);
  /**
   * Nothing but workflow_cancelled can follow as the end.
   */
  'cancellationRequested'?: (_orchestrator_v1_CancellationRequested__Input | null);
  /**
   * A caller holds the workflow.
   */
  'workflowPaused'?: (_orchestrator_v1_WorkflowPaused__Input | null);
  /**
   * Back in line for a slot.
   */
  'workflowResumed'?: (_orchestrator_v1_WorkflowResumed__Input | null);
  /**
   * Last event: there is a result.
   */
  'workflowCompleted'?: (_orchestrator_v1_WorkflowCompleted__Input | null);
  /**
   * Last event: there is none.
   */
  'workflowFailed'?: (_orchestrator_v1_WorkflowFailed__Input | null);
  /**
   * Last event: a limit of time was reached.
   */
  'workflowTimedOut'?: (_orchestrator_v1_WorkflowTimedOut__Input | null);
  /**
   * Last event: a cancel took effect.
   */
  'workflowCancelled'?: (_orchestrator_v1_WorkflowCancelled__Input | null);
  /**
   * What happened.
   */
  'data'?: "workflowStarted"|"workflowAdmitted"|"workflowRecovered"|"planStarted"|"planCompleted"|"agentScheduled"|"modelCallStarted"|"modelCallEnded"|"agentRetrying"|"toolCallStarted"|"toolCallEnded"|"agentCompleted"|"agentFailed"|"synthesisStarted"|"synthesisCompleted"|"documentStarted"|"documentCompleted"|"documentFailed"|"budgetWarning"|"limitReached"|"conclusionRequested"|"cancellationRequested"|"workflowPaused"|"workflowResumed"|"workflowCompleted"|"workflowFailed"|"workflowTimedOut"|"workflowCancelled";
}

/**
 * One immutable entry of a workflow's log: durable before anybody hears of it, the same for every reader. A client
 * that does not know a type yet finds its name in `type` and no member of `data`.
 */
export interface WorkflowEvent__Output {
  /**
   * The workflow it belongs to.
   */
  'workflowId': (string);
  /**
   * Position in the log: dense, 1..n.
   */
  'sequence': (string);
  /**
   * When it was appended, UTC.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Name of the event, equal to the name of the member of `data`, for example `agent_completed`.
   */
  'type': (string);
  /**
   * The agent it concerns; empty when it concerns none.
   */
  'agentId': (string);
  /**
   * Progress of the workflow, 0 to 100; never falls.
   */
  'progress': (number);
  /**
   * Always sequence 1.
   */
  'workflowStarted'?: (_orchestrator_v1_WorkflowStarted__Output | null);
  /**
   * A slot was given.
   */
  'workflowAdmitted'?: (_orchestrator_v1_WorkflowAdmitted__Output | null);
  /**
   * Another process took the workflow over.
   */
  'workflowRecovered'?: (_orchestrator_v1_WorkflowRecovered__Output | null);
  /**
   * Planning began.
   */
  'planStarted'?: (_orchestrator_v1_PlanStarted__Output | null);
  /**
   * There is a plan.
   */
  'planCompleted'?: (_orchestrator_v1_PlanCompleted__Output | null);
  /**
   * An agent exists from here on.
   */
  'agentScheduled'?: (_orchestrator_v1_AgentScheduled__Output | null);
  /**
   * A request to the provider is about to leave.
   */
  'modelCallStarted'?: (_orchestrator_v1_ModelCallStarted__Output | null);
  /**
   * A request to the provider has ended.
   */
  'modelCallEnded'?: (_orchestrator_v1_ModelCallEnded__Output | null);
  /**
   * Another attempt will be made.
   */
  'agentRetrying'?: (_orchestrator_v1_AgentRetrying__Output | null);
  /**
   * A tool is about to be called.
   */
  'toolCallStarted'?: (_orchestrator_v1_ToolCallStarted__Output | null);
  /**
   * A tool call has ended.
   */
  'toolCallEnded'?: (_orchestrator_v1_ToolCallEnded__Output | null);
  /**
   * An agent has its content.
   */
  'agentCompleted'?: (_orchestrator_v1_AgentCompleted__Output | null);
  /**
   * An agent failed for good.
   */
  'agentFailed'?: (_orchestrator_v1_AgentFailed__Output | null);
  /**
   * A synthesis began.
   */
  'synthesisStarted'?: (_orchestrator_v1_SynthesisStarted__Output | null);
  /**
   * A synthesis is there.
   */
  'synthesisCompleted'?: (_orchestrator_v1_SynthesisCompleted__Output | null);
  /**
   * A document is being rendered.
   */
  'documentStarted'?: (_orchestrator_v1_DocumentStarted__Output | null);
  /**
   * A document can be downloaded.
   */
  'documentCompleted'?: (_orchestrator_v1_DocumentCompleted__Output | null);
  /**
   * A document could not be rendered.
   */
  'documentFailed'?: (_orchestrator_v1_DocumentFailed__Output | null);
  /**
   * 80 % of a cap is used.
   */
  'budgetWarning'?: (_orchestrator_v1_BudgetWarning__Output | null);
  /**
   * A cap does not allow the next call.
   */
  'limitReached'?: (_orchestrator_v1_LimitReached__Output | null);
  /**
   * The workflow ends early with what it has.
   */
  'conclusionRequested'?: (_orchestrator_v1_ConclusionRequested__Output | null);
  /**
   * Nothing but workflow_cancelled can follow as the end.
   */
  'cancellationRequested'?: (_orchestrator_v1_CancellationRequested__Output | null);
  /**
   * A caller holds the workflow.
   */
  'workflowPaused'?: (_orchestrator_v1_WorkflowPaused__Output | null);
  /**
   * Back in line for a slot.
   */
  'workflowResumed'?: (_orchestrator_v1_WorkflowResumed__Output | null);
  /**
   * Last event: there is a result.
   */
  'workflowCompleted'?: (_orchestrator_v1_WorkflowCompleted__Output | null);
  /**
   * Last event: there is none.
   */
  'workflowFailed'?: (_orchestrator_v1_WorkflowFailed__Output | null);
  /**
   * Last event: a limit of time was reached.
   */
  'workflowTimedOut'?: (_orchestrator_v1_WorkflowTimedOut__Output | null);
  /**
   * Last event: a cancel took effect.
   */
  'workflowCancelled'?: (_orchestrator_v1_WorkflowCancelled__Output | null);
  /**
   * What happened.
   */
  'data'?: "workflowStarted"|"workflowAdmitted"|"workflowRecovered"|"planStarted"|"planCompleted"|"agentScheduled"|"modelCallStarted"|"modelCallEnded"|"agentRetrying"|"toolCallStarted"|"toolCallEnded"|"agentCompleted"|"agentFailed"|"synthesisStarted"|"synthesisCompleted"|"documentStarted"|"documentCompleted"|"documentFailed"|"budgetWarning"|"limitReached"|"conclusionRequested"|"cancellationRequested"|"workflowPaused"|"workflowResumed"|"workflowCompleted"|"workflowFailed"|"workflowTimedOut"|"workflowCancelled";
}
