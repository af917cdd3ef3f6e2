import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DescriptorProto__Input as _google_protobuf_DescriptorProto__Input, DescriptorProto__Output as _google_protobuf_DescriptorProto__Output } from './google/protobuf/DescriptorProto.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { EnumDescriptorProto__Input as _google_protobuf_EnumDescriptorProto__Input, EnumDescriptorProto__Output as _google_protobuf_EnumDescriptorProto__Output } from './google/protobuf/EnumDescriptorProto.ts';
import type { EnumOptions__Input as _google_protobuf_EnumOptions__Input, EnumOptions__Output as _google_protobuf_EnumOptions__Output } from './google/protobuf/EnumOptions.ts';
import type { EnumValueDescriptorProto__Input as _google_protobuf_EnumValueDescriptorProto__Input, EnumValueDescriptorProto__Output as _google_protobuf_EnumValueDescriptorProto__Output } from './google/protobuf/EnumValueDescriptorProto.ts';
import type { EnumValueOptions__Input as _google_protobuf_EnumValueOptions__Input, EnumValueOptions__Output as _google_protobuf_EnumValueOptions__Output } from './google/protobuf/EnumValueOptions.ts';
import type { ExtensionRangeOptions__Input as _google_protobuf_ExtensionRangeOptions__Input, ExtensionRangeOptions__Output as _google_protobuf_ExtensionRangeOptions__Output } from './google/protobuf/ExtensionRangeOptions.ts';
import type { FeatureSet__Input as _google_protobuf_FeatureSet__Input, FeatureSet__Output as _google_protobuf_FeatureSet__Output } from './google/protobuf/FeatureSet.ts';
import type { FeatureSetDefaults__Input as _google_protobuf_FeatureSetDefaults__Input, FeatureSetDefaults__Output as _google_protobuf_FeatureSetDefaults__Output } from './google/protobuf/FeatureSetDefaults.ts';
import type { FieldDescriptorProto__Input as _google_protobuf_FieldDescriptorProto__Input, FieldDescriptorProto__Output as _google_protobuf_FieldDescriptorProto__Output } from './google/protobuf/FieldDescriptorProto.ts';
import type { FieldOptions__Input as _google_protobuf_FieldOptions__Input, FieldOptions__Output as _google_protobuf_FieldOptions__Output } from './google/protobuf/FieldOptions.ts';
import type { FileDescriptorProto__Input as _google_protobuf_FileDescriptorProto__Input, FileDescriptorProto__Output as _google_protobuf_FileDescriptorProto__Output } from './google/protobuf/FileDescriptorProto.ts';
import type { FileDescriptorSet__Input as _google_protobuf_FileDescriptorSet__Input, FileDescriptorSet__Output as _google_protobuf_FileDescriptorSet__Output } from './google/protobuf/FileDescriptorSet.ts';
import type { FileOptions__Input as _google_protobuf_FileOptions__Input, FileOptions__Output as _google_protobuf_FileOptions__Output } from './google/protobuf/FileOptions.ts';
import type { GeneratedCodeInfo__Input as _google_protobuf_GeneratedCodeInfo__Input, GeneratedCodeInfo__Output as _google_protobuf_GeneratedCodeInfo__Output } from './google/protobuf/GeneratedCodeInfo.ts';
import type { ListValue__Input as _google_protobuf_ListValue__Input, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.ts';
import type { MessageOptions__Input as _google_protobuf_MessageOptions__Input, MessageOptions__Output as _google_protobuf_MessageOptions__Output } from './google/protobuf/MessageOptions.ts';
import type { MethodDescriptorProto__Input as _google_protobuf_MethodDescriptorProto__Input, MethodDescriptorProto__Output as _google_protobuf_MethodDescriptorProto__Output } from './google/protobuf/MethodDescriptorProto.ts';
import type { MethodOptions__Input as _google_protobuf_MethodOptions__Input, MethodOptions__Output as _google_protobuf_MethodOptions__Output } from './google/protobuf/MethodOptions.ts';
import type { OneofDescriptorProto__Input as _google_protobuf_OneofDescriptorProto__Input, OneofDescriptorProto__Output as _google_protobuf_OneofDescriptorProto__Output } from './google/protobuf/OneofDescriptorProto.ts';
import type { OneofOptions__Input as _google_protobuf_OneofOptions__Input, OneofOptions__Output as _google_protobuf_OneofOptions__Output } from './google/protobuf/OneofOptions.ts';
import type { ServiceDescriptorProto__Input as _google_protobuf_ServiceDescriptorProto__Input, ServiceDescriptorProto__Output as _google_protobuf_ServiceDescriptorProto__Output } from './google/protobuf/ServiceDescriptorProto.ts';
import type { ServiceOptions__Input as _google_protobuf_ServiceOptions__Input, ServiceOptions__Output as _google_protobuf_ServiceOptions__Output } from './google/protobuf/ServiceOptions.ts';
import type { SourceCodeInfo__Input as _google_protobuf_SourceCodeInfo__Input, SourceCodeInfo__Output as _google_protobuf_SourceCodeInfo__Output } from './google/protobuf/SourceCodeInfo.ts';
import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { UninterpretedOption__Input as _google_protobuf_UninterpretedOption__Input, UninterpretedOption__Output as _google_protobuf_UninterpretedOption__Output } from './google/protobuf/UninterpretedOption.ts';
import type { Value__Input as _google_protobuf_Value__Input, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.ts';
import type { Agent__Input as _orchestrator_v1_Agent__Input, Agent__Output as _orchestrator_v1_Agent__Output } from './orchestrator/v1/Agent.ts';
import type { AgentCompleted__Input as _orchestrator_v1_AgentCompleted__Input, AgentCompleted__Output as _orchestrator_v1_AgentCompleted__Output } from './orchestrator/v1/AgentCompleted.ts';
import type { AgentFailed__Input as _orchestrator_v1_AgentFailed__Input, AgentFailed__Output as _orchestrator_v1_AgentFailed__Output } from './orchestrator/v1/AgentFailed.ts';
import type { AgentResult__Input as _orchestrator_v1_AgentResult__Input, AgentResult__Output as _orchestrator_v1_AgentResult__Output } from './orchestrator/v1/AgentResult.ts';
import type { AgentRetrying__Input as _orchestrator_v1_AgentRetrying__Input, AgentRetrying__Output as _orchestrator_v1_AgentRetrying__Output } from './orchestrator/v1/AgentRetrying.ts';
import type { AgentScheduled__Input as _orchestrator_v1_AgentScheduled__Input, AgentScheduled__Output as _orchestrator_v1_AgentScheduled__Output } from './orchestrator/v1/AgentScheduled.ts';
import type { BudgetWarning__Input as _orchestrator_v1_BudgetWarning__Input, BudgetWarning__Output as _orchestrator_v1_BudgetWarning__Output } from './orchestrator/v1/BudgetWarning.ts';
import type { CancelWorkflowRequest__Input as _orchestrator_v1_CancelWorkflowRequest__Input, CancelWorkflowRequest__Output as _orchestrator_v1_CancelWorkflowRequest__Output } from './orchestrator/v1/CancelWorkflowRequest.ts';
import type { CancelWorkflowResponse__Input as _orchestrator_v1_CancelWorkflowResponse__Input, CancelWorkflowResponse__Output as _orchestrator_v1_CancelWorkflowResponse__Output } from './orchestrator/v1/CancelWorkflowResponse.ts';
import type { CancellationRequested__Input as _orchestrator_v1_CancellationRequested__Input, CancellationRequested__Output as _orchestrator_v1_CancellationRequested__Output } from './orchestrator/v1/CancellationRequested.ts';
import type { ConcludeWorkflowRequest__Input as _orchestrator_v1_ConcludeWorkflowRequest__Input, ConcludeWorkflowRequest__Output as _orchestrator_v1_ConcludeWorkflowRequest__Output } from './orchestrator/v1/ConcludeWorkflowRequest.ts';
import type { ConcludeWorkflowResponse__Input as _orchestrator_v1_ConcludeWorkflowResponse__Input, ConcludeWorkflowResponse__Output as _orchestrator_v1_ConcludeWorkflowResponse__Output } from './orchestrator/v1/ConcludeWorkflowResponse.ts';
import type { ConclusionRequested__Input as _orchestrator_v1_ConclusionRequested__Input, ConclusionRequested__Output as _orchestrator_v1_ConclusionRequested__Output } from './orchestrator/v1/ConclusionRequested.ts';
import type { DeleteWorkflowRequest__Input as _orchestrator_v1_DeleteWorkflowRequest__Input, DeleteWorkflowRequest__Output as _orchestrator_v1_DeleteWorkflowRequest__Output } from './orchestrator/v1/DeleteWorkflowRequest.ts';
import type { DeleteWorkflowResponse__Input as _orchestrator_v1_DeleteWorkflowResponse__Input, DeleteWorkflowResponse__Output as _orchestrator_v1_DeleteWorkflowResponse__Output } from './orchestrator/v1/DeleteWorkflowResponse.ts';
import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from './orchestrator/v1/Document.ts';
import type { DocumentCompleted__Input as _orchestrator_v1_DocumentCompleted__Input, DocumentCompleted__Output as _orchestrator_v1_DocumentCompleted__Output } from './orchestrator/v1/DocumentCompleted.ts';
import type { DocumentFailed__Input as _orchestrator_v1_DocumentFailed__Input, DocumentFailed__Output as _orchestrator_v1_DocumentFailed__Output } from './orchestrator/v1/DocumentFailed.ts';
import type { DocumentStarted__Input as _orchestrator_v1_DocumentStarted__Input, DocumentStarted__Output as _orchestrator_v1_DocumentStarted__Output } from './orchestrator/v1/DocumentStarted.ts';
import type { DownloadDocumentRequest__Input as _orchestrator_v1_DownloadDocumentRequest__Input, DownloadDocumentRequest__Output as _orchestrator_v1_DownloadDocumentRequest__Output } from './orchestrator/v1/DownloadDocumentRequest.ts';
import type { DownloadDocumentResponse__Input as _orchestrator_v1_DownloadDocumentResponse__Input, DownloadDocumentResponse__Output as _orchestrator_v1_DownloadDocumentResponse__Output } from './orchestrator/v1/DownloadDocumentResponse.ts';
import type { FailedAgent__Input as _orchestrator_v1_FailedAgent__Input, FailedAgent__Output as _orchestrator_v1_FailedAgent__Output } from './orchestrator/v1/FailedAgent.ts';
import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from './orchestrator/v1/Failure.ts';
import type { ForkOrigin__Input as _orchestrator_v1_ForkOrigin__Input, ForkOrigin__Output as _orchestrator_v1_ForkOrigin__Output } from './orchestrator/v1/ForkOrigin.ts';
import type { GetWorkflowRequest__Input as _orchestrator_v1_GetWorkflowRequest__Input, GetWorkflowRequest__Output as _orchestrator_v1_GetWorkflowRequest__Output } from './orchestrator/v1/GetWorkflowRequest.ts';
import type { GetWorkflowResponse__Input as _orchestrator_v1_GetWorkflowResponse__Input, GetWorkflowResponse__Output as _orchestrator_v1_GetWorkflowResponse__Output } from './orchestrator/v1/GetWorkflowResponse.ts';
import type { GetWorkflowResultRequest__Input as _orchestrator_v1_GetWorkflowResultRequest__Input, GetWorkflowResultRequest__Output as _orchestrator_v1_GetWorkflowResultRequest__Output } from './orchestrator/v1/GetWorkflowResultRequest.ts';
import type { GetWorkflowResultResponse__Input as _orchestrator_v1_GetWorkflowResultResponse__Input, GetWorkflowResultResponse__Output as _orchestrator_v1_GetWorkflowResultResponse__Output } from './orchestrator/v1/GetWorkflowResultResponse.ts';
import type { Heartbeat__Input as _orchestrator_v1_Heartbeat__Input, Heartbeat__Output as _orchestrator_v1_Heartbeat__Output } from './orchestrator/v1/Heartbeat.ts';
import type { InlineDocument__Input as _orchestrator_v1_InlineDocument__Input, InlineDocument__Output as _orchestrator_v1_InlineDocument__Output } from './orchestrator/v1/InlineDocument.ts';
import type { LimitReached__Input as _orchestrator_v1_LimitReached__Input, LimitReached__Output as _orchestrator_v1_LimitReached__Output } from './orchestrator/v1/LimitReached.ts';
import type { ListDocumentsRequest__Input as _orchestrator_v1_ListDocumentsRequest__Input, ListDocumentsRequest__Output as _orchestrator_v1_ListDocumentsRequest__Output } from './orchestrator/v1/ListDocumentsRequest.ts';
import type { ListDocumentsResponse__Input as _orchestrator_v1_ListDocumentsResponse__Input, ListDocumentsResponse__Output as _orchestrator_v1_ListDocumentsResponse__Output } from './orchestrator/v1/ListDocumentsResponse.ts';
import type { ListWorkflowEventsRequest__Input as _orchestrator_v1_ListWorkflowEventsRequest__Input, ListWorkflowEventsRequest__Output as _orchestrator_v1_ListWorkflowEventsRequest__Output } from './orchestrator/v1/ListWorkflowEventsRequest.ts';
import type { ListWorkflowEventsResponse__Input as _orchestrator_v1_ListWorkflowEventsResponse__Input, ListWorkflowEventsResponse__Output as _orchestrator_v1_ListWorkflowEventsResponse__Output } from './orchestrator/v1/ListWorkflowEventsResponse.ts';
import type { ListWorkflowsRequest__Input as _orchestrator_v1_ListWorkflowsRequest__Input, ListWorkflowsRequest__Output as _orchestrator_v1_ListWorkflowsRequest__Output } from './orchestrator/v1/ListWorkflowsRequest.ts';
import type { ListWorkflowsResponse__Input as _orchestrator_v1_ListWorkflowsResponse__Input, ListWorkflowsResponse__Output as _orchestrator_v1_ListWorkflowsResponse__Output } from './orchestrator/v1/ListWorkflowsResponse.ts';
import type { ModelCallEnded__Input as _orchestrator_v1_ModelCallEnded__Input, ModelCallEnded__Output as _orchestrator_v1_ModelCallEnded__Output } from './orchestrator/v1/ModelCallEnded.ts';
import type { ModelCallStarted__Input as _orchestrator_v1_ModelCallStarted__Input, ModelCallStarted__Output as _orchestrator_v1_ModelCallStarted__Output } from './orchestrator/v1/ModelCallStarted.ts';
import type { ModelOutput__Input as _orchestrator_v1_ModelOutput__Input, ModelOutput__Output as _orchestrator_v1_ModelOutput__Output } from './orchestrator/v1/ModelOutput.ts';
import type { NumberedSource__Input as _orchestrator_v1_NumberedSource__Input, NumberedSource__Output as _orchestrator_v1_NumberedSource__Output } from './orchestrator/v1/NumberedSource.ts';
import type { Passage__Input as _orchestrator_v1_Passage__Input, Passage__Output as _orchestrator_v1_Passage__Output } from './orchestrator/v1/Passage.ts';
import type { PauseWorkflowRequest__Input as _orchestrator_v1_PauseWorkflowRequest__Input, PauseWorkflowRequest__Output as _orchestrator_v1_PauseWorkflowRequest__Output } from './orchestrator/v1/PauseWorkflowRequest.ts';
import type { PauseWorkflowResponse__Input as _orchestrator_v1_PauseWorkflowResponse__Input, PauseWorkflowResponse__Output as _orchestrator_v1_PauseWorkflowResponse__Output } from './orchestrator/v1/PauseWorkflowResponse.ts';
import type { Plan__Input as _orchestrator_v1_Plan__Input, Plan__Output as _orchestrator_v1_Plan__Output } from './orchestrator/v1/Plan.ts';
import type { PlanCompleted__Input as _orchestrator_v1_PlanCompleted__Input, PlanCompleted__Output as _orchestrator_v1_PlanCompleted__Output } from './orchestrator/v1/PlanCompleted.ts';
import type { PlanStarted__Input as _orchestrator_v1_PlanStarted__Input, PlanStarted__Output as _orchestrator_v1_PlanStarted__Output } from './orchestrator/v1/PlanStarted.ts';
import type { Progress__Input as _orchestrator_v1_Progress__Input, Progress__Output as _orchestrator_v1_Progress__Output } from './orchestrator/v1/Progress.ts';
import type { Receipt__Input as _orchestrator_v1_Receipt__Input, Receipt__Output as _orchestrator_v1_Receipt__Output } from './orchestrator/v1/Receipt.ts';
import type { Reservation__Input as _orchestrator_v1_Reservation__Input, Reservation__Output as _orchestrator_v1_Reservation__Output } from './orchestrator/v1/Reservation.ts';
import type { Reserve__Input as _orchestrator_v1_Reserve__Input, Reserve__Output as _orchestrator_v1_Reserve__Output } from './orchestrator/v1/Reserve.ts';
import type { ResumeWorkflowRequest__Input as _orchestrator_v1_ResumeWorkflowRequest__Input, ResumeWorkflowRequest__Output as _orchestrator_v1_ResumeWorkflowRequest__Output } from './orchestrator/v1/ResumeWorkflowRequest.ts';
import type { ResumeWorkflowResponse__Input as _orchestrator_v1_ResumeWorkflowResponse__Input, ResumeWorkflowResponse__Output as _orchestrator_v1_ResumeWorkflowResponse__Output } from './orchestrator/v1/ResumeWorkflowResponse.ts';
import type { ReusedResult__Input as _orchestrator_v1_ReusedResult__Input, ReusedResult__Output as _orchestrator_v1_ReusedResult__Output } from './orchestrator/v1/ReusedResult.ts';
import type { RollBack__Input as _orchestrator_v1_RollBack__Input, RollBack__Output as _orchestrator_v1_RollBack__Output } from './orchestrator/v1/RollBack.ts';
import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from './orchestrator/v1/RunOptions.ts';
import type { Snapshot__Input as _orchestrator_v1_Snapshot__Input, Snapshot__Output as _orchestrator_v1_Snapshot__Output } from './orchestrator/v1/Snapshot.ts';
import type { SourceDocument__Input as _orchestrator_v1_SourceDocument__Input, SourceDocument__Output as _orchestrator_v1_SourceDocument__Output } from './orchestrator/v1/SourceDocument.ts';
import type { StartResearchRequest__Input as _orchestrator_v1_StartResearchRequest__Input, StartResearchRequest__Output as _orchestrator_v1_StartResearchRequest__Output } from './orchestrator/v1/StartResearchRequest.ts';
import type { StartResearchResponse__Input as _orchestrator_v1_StartResearchResponse__Input, StartResearchResponse__Output as _orchestrator_v1_StartResearchResponse__Output } from './orchestrator/v1/StartResearchResponse.ts';
import type { StartSearchRequest__Input as _orchestrator_v1_StartSearchRequest__Input, StartSearchRequest__Output as _orchestrator_v1_StartSearchRequest__Output } from './orchestrator/v1/StartSearchRequest.ts';
import type { StartSearchResponse__Input as _orchestrator_v1_StartSearchResponse__Input, StartSearchResponse__Output as _orchestrator_v1_StartSearchResponse__Output } from './orchestrator/v1/StartSearchResponse.ts';
import type { StartWorkflowRequest__Input as _orchestrator_v1_StartWorkflowRequest__Input, StartWorkflowRequest__Output as _orchestrator_v1_StartWorkflowRequest__Output } from './orchestrator/v1/StartWorkflowRequest.ts';
import type { StartWorkflowResponse__Input as _orchestrator_v1_StartWorkflowResponse__Input, StartWorkflowResponse__Output as _orchestrator_v1_StartWorkflowResponse__Output } from './orchestrator/v1/StartWorkflowResponse.ts';
import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from './orchestrator/v1/Subtask.ts';
import type { SynthesisCompleted__Input as _orchestrator_v1_SynthesisCompleted__Input, SynthesisCompleted__Output as _orchestrator_v1_SynthesisCompleted__Output } from './orchestrator/v1/SynthesisCompleted.ts';
import type { SynthesisStarted__Input as _orchestrator_v1_SynthesisStarted__Input, SynthesisStarted__Output as _orchestrator_v1_SynthesisStarted__Output } from './orchestrator/v1/SynthesisStarted.ts';
import type { TextDelta__Input as _orchestrator_v1_TextDelta__Input, TextDelta__Output as _orchestrator_v1_TextDelta__Output } from './orchestrator/v1/TextDelta.ts';
import type { ToolCall__Input as _orchestrator_v1_ToolCall__Input, ToolCall__Output as _orchestrator_v1_ToolCall__Output } from './orchestrator/v1/ToolCall.ts';
import type { ToolCallEnded__Input as _orchestrator_v1_ToolCallEnded__Input, ToolCallEnded__Output as _orchestrator_v1_ToolCallEnded__Output } from './orchestrator/v1/ToolCallEnded.ts';
import type { ToolCallStarted__Input as _orchestrator_v1_ToolCallStarted__Input, ToolCallStarted__Output as _orchestrator_v1_ToolCallStarted__Output } from './orchestrator/v1/ToolCallStarted.ts';
import type { ToolSource__Input as _orchestrator_v1_ToolSource__Input, ToolSource__Output as _orchestrator_v1_ToolSource__Output } from './orchestrator/v1/ToolSource.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from './orchestrator/v1/Usage.ts';
import type { WaitWorkflowRequest__Input as _orchestrator_v1_WaitWorkflowRequest__Input, WaitWorkflowRequest__Output as _orchestrator_v1_WaitWorkflowRequest__Output } from './orchestrator/v1/WaitWorkflowRequest.ts';
import type { WaitWorkflowResponse__Input as _orchestrator_v1_WaitWorkflowResponse__Input, WaitWorkflowResponse__Output as _orchestrator_v1_WaitWorkflowResponse__Output } from './orchestrator/v1/WaitWorkflowResponse.ts';
import type { WatchWorkflowRequest__Input as _orchestrator_v1_WatchWorkflowRequest__Input, WatchWorkflowRequest__Output as _orchestrator_v1_WatchWorkflowRequest__Output } from './orchestrator/v1/WatchWorkflowRequest.ts';
import type { WatchWorkflowResponse__Input as _orchestrator_v1_WatchWorkflowResponse__Input, WatchWorkflowResponse__Output as _orchestrator_v1_WatchWorkflowResponse__Output } from './orchestrator/v1/WatchWorkflowResponse.ts';
import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from './orchestrator/v1/Workflow.ts';
import type { WorkflowAdmitted__Input as _orchestrator_v1_WorkflowAdmitted__Input, WorkflowAdmitted__Output as _orchestrator_v1_WorkflowAdmitted__Output } from './orchestrator/v1/WorkflowAdmitted.ts';
import type { WorkflowCancelled__Input as _orchestrator_v1_WorkflowCancelled__Input, WorkflowCancelled__Output as _orchestrator_v1_WorkflowCancelled__Output } from './orchestrator/v1/WorkflowCancelled.ts';
import type { WorkflowCompleted__Input as _orchestrator_v1_WorkflowCompleted__Input, WorkflowCompleted__Output as _orchestrator_v1_WorkflowCompleted__Output } from './orchestrator/v1/WorkflowCompleted.ts';
import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from './orchestrator/v1/WorkflowError.ts';
import type { WorkflowEvent__Input as _orchestrator_v1_WorkflowEvent__Input, WorkflowEvent__Output as _orchestrator_v1_WorkflowEvent__Output } from './orchestrator/v1/WorkflowEvent.ts';
import type { WorkflowFailed__Input as _orchestrator_v1_WorkflowFailed__Input, WorkflowFailed__Output as _orchestrator_v1_WorkflowFailed__Output } from './orchestrator/v1/WorkflowFailed.ts';
import type { WorkflowPaused__Input as _orchestrator_v1_WorkflowPaused__Input, WorkflowPaused__Output as _orchestrator_v1_WorkflowPaused__Output } from './orchestrator/v1/WorkflowPaused.ts';
import type { WorkflowRecovered__Input as _orchestrator_v1_WorkflowRecovered__Input, WorkflowRecovered__Output as _orchestrator_v1_WorkflowRecovered__Output } from './orchestrator/v1/WorkflowRecovered.ts';
import type { WorkflowResult__Input as _orchestrator_v1_WorkflowResult__Input, WorkflowResult__Output as _orchestrator_v1_WorkflowResult__Output } from './orchestrator/v1/WorkflowResult.ts';
import type { WorkflowResumed__Input as _orchestrator_v1_WorkflowResumed__Input, WorkflowResumed__Output as _orchestrator_v1_WorkflowResumed__Output } from './orchestrator/v1/WorkflowResumed.ts';
import type { WorkflowServiceClient as _orchestrator_v1_WorkflowServiceClient, WorkflowServiceDefinition as _orchestrator_v1_WorkflowServiceDefinition } from './orchestrator/v1/WorkflowService.ts';
import type { WorkflowStarted__Input as _orchestrator_v1_WorkflowStarted__Input, WorkflowStarted__Output as _orchestrator_v1_WorkflowStarted__Output } from './orchestrator/v1/WorkflowStarted.ts';
import type { WorkflowTimedOut__Input as _orchestrator_v1_WorkflowTimedOut__Input, WorkflowTimedOut__Output as _orchestrator_v1_WorkflowTimedOut__Output } from './orchestrator/v1/WorkflowTimedOut.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    api: {
      FieldBehavior: EnumTypeDefinition
    }
    protobuf: {
      DescriptorProto: MessageTypeDefinition<_google_protobuf_DescriptorProto__Input, _google_protobuf_DescriptorProto__Output>
      Duration: MessageTypeDefinition<_google_protobuf_Duration__Input, _google_protobuf_Duration__Output>
      Edition: EnumTypeDefinition
      EnumDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumDescriptorProto__Input, _google_protobuf_EnumDescriptorProto__Output>
      EnumOptions: MessageTypeDefinition<_google_protobuf_EnumOptions__Input, _google_protobuf_EnumOptions__Output>
      EnumValueDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumValueDescriptorProto__Input, _google_protobuf_EnumValueDescriptorProto__Output>
      EnumValueOptions: MessageTypeDefinition<_google_protobuf_EnumValueOptions__Input, _google_protobuf_EnumValueOptions__Output>
      ExtensionRangeOptions: MessageTypeDefinition<_google_protobuf_ExtensionRangeOptions__Input, _google_protobuf_ExtensionRangeOptions__Output>
      FeatureSet: MessageTypeDefinition<_google_protobuf_FeatureSet__Input, _google_protobuf_FeatureSet__Output>
      FeatureSetDefaults: MessageTypeDefinition<_google_protobuf_FeatureSetDefaults__Input, _google_protobuf_FeatureSetDefaults__Output>
      FieldDescriptorProto: MessageTypeDefinition<_google_protobuf_FieldDescriptorProto__Input, _google_protobuf_FieldDescriptorProto__Output>
      FieldOptions: MessageTypeDefinition<_google_protobuf_FieldOptions__Input, _google_protobuf_FieldOptions__Output>
      FileDescriptorProto: MessageTypeDefinition<_google_protobuf_FileDescriptorProto__Input, _google_protobuf_FileDescriptorProto__Output>
      FileDescriptorSet: MessageTypeDefinition<_google_protobuf_FileDescriptorSet__Input, _google_protobuf_FileDescriptorSet__Output>
      FileOptions: MessageTypeDefinition<_google_protobuf_FileOptions__Input, _google_protobuf_FileOptions__Output>
      GeneratedCodeInfo: MessageTypeDefinition<_google_protobuf_GeneratedCodeInfo__Input, _google_protobuf_GeneratedCodeInfo__Output>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue__Input, _google_protobuf_ListValue__Output>
      MessageOptions: MessageTypeDefinition<_google_protobuf_MessageOptions__Input, _google_protobuf_MessageOptions__Output>
      MethodDescriptorProto: MessageTypeDefinition<_google_protobuf_MethodDescriptorProto__Input, _google_protobuf_MethodDescriptorProto__Output>
      MethodOptions: MessageTypeDefinition<_google_protobuf_MethodOptions__Input, _google_protobuf_MethodOptions__Output>
      NullValue: EnumTypeDefinition
      OneofDescriptorProto: MessageTypeDefinition<_google_protobuf_OneofDescriptorProto__Input, _google_protobuf_OneofDescriptorProto__Output>
      OneofOptions: MessageTypeDefinition<_google_protobuf_OneofOptions__Input, _google_protobuf_OneofOptions__Output>
      ServiceDescriptorProto: MessageTypeDefinition<_google_protobuf_ServiceDescriptorProto__Input, _google_protobuf_ServiceDescriptorProto__Output>
      ServiceOptions: MessageTypeDefinition<_google_protobuf_ServiceOptions__Input, _google_protobuf_ServiceOptions__Output>
      SourceCodeInfo: MessageTypeDefinition<_google_protobuf_SourceCodeInfo__Input, _google_protobuf_SourceCodeInfo__Output>
      Struct: MessageTypeDefinition<_google_protobuf_Struct__Input, _google_protobuf_Struct__Output>
      SymbolVisibility: EnumTypeDefinition
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp__Input, _google_protobuf_Timestamp__Output>
      UninterpretedOption: MessageTypeDefinition<_google_protobuf_UninterpretedOption__Input, _google_protobuf_UninterpretedOption__Output>
      Value: MessageTypeDefinition<_google_protobuf_Value__Input, _google_protobuf_Value__Output>
    }
  }
  orchestrator: {
    v1: {
      Agent: MessageTypeDefinition<_orchestrator_v1_Agent__Input, _orchestrator_v1_Agent__Output>
      AgentCompleted: MessageTypeDefinition<_orchestrator_v1_AgentCompleted__Input, _orchestrator_v1_AgentCompleted__Output>
      AgentFailed: MessageTypeDefinition<_orchestrator_v1_AgentFailed__Input, _orchestrator_v1_AgentFailed__Output>
      AgentResult: MessageTypeDefinition<_orchestrator_v1_AgentResult__Input, _orchestrator_v1_AgentResult__Output>
      AgentRetrying: MessageTypeDefinition<_orchestrator_v1_AgentRetrying__Input, _orchestrator_v1_AgentRetrying__Output>
      AgentScheduled: MessageTypeDefinition<_orchestrator_v1_AgentScheduled__Input, _orchestrator_v1_AgentScheduled__Output>
      BudgetWarning: MessageTypeDefinition<_orchestrator_v1_BudgetWarning__Input, _orchestrator_v1_BudgetWarning__Output>
      CancelWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_CancelWorkflowRequest__Input, _orchestrator_v1_CancelWorkflowRequest__Output>
      CancelWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_CancelWorkflowResponse__Input, _orchestrator_v1_CancelWorkflowResponse__Output>
      CancellationRequested: MessageTypeDefinition<_orchestrator_v1_CancellationRequested__Input, _orchestrator_v1_CancellationRequested__Output>
      ConcludeWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_ConcludeWorkflowRequest__Input, _orchestrator_v1_ConcludeWorkflowRequest__Output>
      ConcludeWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_ConcludeWorkflowResponse__Input, _orchestrator_v1_ConcludeWorkflowResponse__Output>
      ConclusionRequested: MessageTypeDefinition<_orchestrator_v1_ConclusionRequested__Input, _orchestrator_v1_ConclusionRequested__Output>
      DeleteWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_DeleteWorkflowRequest__Input, _orchestrator_v1_DeleteWorkflowRequest__Output>
      DeleteWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_DeleteWorkflowResponse__Input, _orchestrator_v1_DeleteWorkflowResponse__Output>
      Document: MessageTypeDefinition<_orchestrator_v1_Document__Input, _orchestrator_v1_Document__Output>
      DocumentCompleted: MessageTypeDefinition<_orchestrator_v1_DocumentCompleted__Input, _orchestrator_v1_DocumentCompleted__Output>
      DocumentFailed: MessageTypeDefinition<_orchestrator_v1_DocumentFailed__Input, _orchestrator_v1_DocumentFailed__Output>
      DocumentStarted: MessageTypeDefinition<_orchestrator_v1_DocumentStarted__Input, _orchestrator_v1_DocumentStarted__Output>
      DownloadDocumentRequest: MessageTypeDefinition<_orchestrator_v1_DownloadDocumentRequest__Input, _orchestrator_v1_DownloadDocumentRequest__Output>
      DownloadDocumentResponse: MessageTypeDefinition<_orchestrator_v1_DownloadDocumentResponse__Input, _orchestrator_v1_DownloadDocumentResponse__Output>
      FailedAgent: MessageTypeDefinition<_orchestrator_v1_FailedAgent__Input, _orchestrator_v1_FailedAgent__Output>
      Failure: MessageTypeDefinition<_orchestrator_v1_Failure__Input, _orchestrator_v1_Failure__Output>
      ForkOrigin: MessageTypeDefinition<_orchestrator_v1_ForkOrigin__Input, _orchestrator_v1_ForkOrigin__Output>
      GetWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_GetWorkflowRequest__Input, _orchestrator_v1_GetWorkflowRequest__Output>
      GetWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_GetWorkflowResponse__Input, _orchestrator_v1_GetWorkflowResponse__Output>
      GetWorkflowResultRequest: MessageTypeDefinition<_orchestrator_v1_GetWorkflowResultRequest__Input, _orchestrator_v1_GetWorkflowResultRequest__Output>
      GetWorkflowResultResponse: MessageTypeDefinition<_orchestrator_v1_GetWorkflowResultResponse__Input, _orchestrator_v1_GetWorkflowResultResponse__Output>
      Heartbeat: MessageTypeDefinition<_orchestrator_v1_Heartbeat__Input, _orchestrator_v1_Heartbeat__Output>
      InlineDocument: MessageTypeDefinition<_orchestrator_v1_InlineDocument__Input, _orchestrator_v1_InlineDocument__Output>
      LimitReached: MessageTypeDefinition<_orchestrator_v1_LimitReached__Input, _orchestrator_v1_LimitReached__Output>
      ListDocumentsRequest: MessageTypeDefinition<_orchestrator_v1_ListDocumentsRequest__Input, _orchestrator_v1_ListDocumentsRequest__Output>
      ListDocumentsResponse: MessageTypeDefinition<_orchestrator_v1_ListDocumentsResponse__Input, _orchestrator_v1_ListDocumentsResponse__Output>
      ListWorkflowEventsRequest: MessageTypeDefinition<_orchestrator_v1_ListWorkflowEventsRequest__Input, _orchestrator_v1_ListWorkflowEventsRequest__Output>
      ListWorkflowEventsResponse: MessageTypeDefinition<_orchestrator_v1_ListWorkflowEventsResponse__Input, _orchestrator_v1_ListWorkflowEventsResponse__Output>
      ListWorkflowsRequest: MessageTypeDefinition<_orchestrator_v1_ListWorkflowsRequest__Input, _orchestrator_v1_ListWorkflowsRequest__Output>
      ListWorkflowsResponse: MessageTypeDefinition<_orchestrator_v1_ListWorkflowsResponse__Input, _orchestrator_v1_ListWorkflowsResponse__Output>
      ModelCallEnded: MessageTypeDefinition<_orchestrator_v1_ModelCallEnded__Input, _orchestrator_v1_ModelCallEnded__Output>
      ModelCallStarted: MessageTypeDefinition<_orchestrator_v1_ModelCallStarted__Input, _orchestrator_v1_ModelCallStarted__Output>
      ModelOutput: MessageTypeDefinition<_orchestrator_v1_ModelOutput__Input, _orchestrator_v1_ModelOutput__Output>
      NumberedSource: MessageTypeDefinition<_orchestrator_v1_NumberedSource__Input, _orchestrator_v1_NumberedSource__Output>
      Passage: MessageTypeDefinition<_orchestrator_v1_Passage__Input, _orchestrator_v1_Passage__Output>
      PauseWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_PauseWorkflowRequest__Input, _orchestrator_v1_PauseWorkflowRequest__Output>
      PauseWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_PauseWorkflowResponse__Input, _orchestrator_v1_PauseWorkflowResponse__Output>
      Plan: MessageTypeDefinition<_orchestrator_v1_Plan__Input, _orchestrator_v1_Plan__Output>
      PlanCompleted: MessageTypeDefinition<_orchestrator_v1_PlanCompleted__Input, _orchestrator_v1_PlanCompleted__Output>
      PlanStarted: MessageTypeDefinition<_orchestrator_v1_PlanStarted__Input, _orchestrator_v1_PlanStarted__Output>
      Progress: MessageTypeDefinition<_orchestrator_v1_Progress__Input, _orchestrator_v1_Progress__Output>
      Receipt: MessageTypeDefinition<_orchestrator_v1_Receipt__Input, _orchestrator_v1_Receipt__Output>
      Reservation: MessageTypeDefinition<_orchestrator_v1_Reservation__Input, _orchestrator_v1_Reservation__Output>
      Reserve: MessageTypeDefinition<_orchestrator_v1_Reserve__Input, _orchestrator_v1_Reserve__Output>
      ResumeWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_ResumeWorkflowRequest__Input, _orchestrator_v1_ResumeWorkflowRequest__Output>
      ResumeWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_ResumeWorkflowResponse__Input, _orchestrator_v1_ResumeWorkflowResponse__Output>
      ReusedResult: MessageTypeDefinition<_orchestrator_v1_ReusedResult__Input, _orchestrator_v1_ReusedResult__Output>
      RollBack: MessageTypeDefinition<_orchestrator_v1_RollBack__Input, _orchestrator_v1_RollBack__Output>
      RunOptions: MessageTypeDefinition<_orchestrator_v1_RunOptions__Input, _orchestrator_v1_RunOptions__Output>
      Snapshot: MessageTypeDefinition<_orchestrator_v1_Snapshot__Input, _orchestrator_v1_Snapshot__Output>
      SourceDocument: MessageTypeDefinition<_orchestrator_v1_SourceDocument__Input, _orchestrator_v1_SourceDocument__Output>
      StartResearchRequest: MessageTypeDefinition<_orchestrator_v1_StartResearchRequest__Input, _orchestrator_v1_StartResearchRequest__Output>
      StartResearchResponse: MessageTypeDefinition<_orchestrator_v1_StartResearchResponse__Input, _orchestrator_v1_StartResearchResponse__Output>
      StartSearchRequest: MessageTypeDefinition<_orchestrator_v1_StartSearchRequest__Input, _orchestrator_v1_StartSearchRequest__Output>
      StartSearchResponse: MessageTypeDefinition<_orchestrator_v1_StartSearchResponse__Input, _orchestrator_v1_StartSearchResponse__Output>
      StartWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_StartWorkflowRequest__Input, _orchestrator_v1_StartWorkflowRequest__Output>
      StartWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_StartWorkflowResponse__Input, _orchestrator_v1_StartWorkflowResponse__Output>
      Subtask: MessageTypeDefinition<_orchestrator_v1_Subtask__Input, _orchestrator_v1_Subtask__Output>
      SynthesisCompleted: MessageTypeDefinition<_orchestrator_v1_SynthesisCompleted__Input, _orchestrator_v1_SynthesisCompleted__Output>
      SynthesisStarted: MessageTypeDefinition<_orchestrator_v1_SynthesisStarted__Input, _orchestrator_v1_SynthesisStarted__Output>
      TextDelta: MessageTypeDefinition<_orchestrator_v1_TextDelta__Input, _orchestrator_v1_TextDelta__Output>
      ToolCall: MessageTypeDefinition<_orchestrator_v1_ToolCall__Input, _orchestrator_v1_ToolCall__Output>
      ToolCallEnded: MessageTypeDefinition<_orchestrator_v1_ToolCallEnded__Input, _orchestrator_v1_ToolCallEnded__Output>
      ToolCallStarted: MessageTypeDefinition<_orchestrator_v1_ToolCallStarted__Input, _orchestrator_v1_ToolCallStarted__Output>
      ToolSource: MessageTypeDefinition<_orchestrator_v1_ToolSource__Input, _orchestrator_v1_ToolSource__Output>
      Usage: MessageTypeDefinition<_orchestrator_v1_Usage__Input, _orchestrator_v1_Usage__Output>
      WaitWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_WaitWorkflowRequest__Input, _orchestrator_v1_WaitWorkflowRequest__Output>
      WaitWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_WaitWorkflowResponse__Input, _orchestrator_v1_WaitWorkflowResponse__Output>
      WatchWorkflowRequest: MessageTypeDefinition<_orchestrator_v1_WatchWorkflowRequest__Input, _orchestrator_v1_WatchWorkflowRequest__Output>
      WatchWorkflowResponse: MessageTypeDefinition<_orchestrator_v1_WatchWorkflowResponse__Input, _orchestrator_v1_WatchWorkflowResponse__Output>
      Workflow: MessageTypeDefinition<_orchestrator_v1_Workflow__Input, _orchestrator_v1_Workflow__Output>
      WorkflowAdmitted: MessageTypeDefinition<_orchestrator_v1_WorkflowAdmitted__Input, _orchestrator_v1_WorkflowAdmitted__Output>
      WorkflowCancelled: MessageTypeDefinition<_orchestrator_v1_WorkflowCancelled__Input, _orchestrator_v1_WorkflowCancelled__Output>
      WorkflowCompleted: MessageTypeDefinition<_orchestrator_v1_WorkflowCompleted__Input, _orchestrator_v1_WorkflowCompleted__Output>
      WorkflowError: MessageTypeDefinition<_orchestrator_v1_WorkflowError__Input, _orchestrator_v1_WorkflowError__Output>
      WorkflowEvent: MessageTypeDefinition<_orchestrator_v1_WorkflowEvent__Input, _orchestrator_v1_WorkflowEvent__Output>
      WorkflowFailed: MessageTypeDefinition<_orchestrator_v1_WorkflowFailed__Input, _orchestrator_v1_WorkflowFailed__Output>
      WorkflowPaused: MessageTypeDefinition<_orchestrator_v1_WorkflowPaused__Input, _orchestrator_v1_WorkflowPaused__Output>
      WorkflowRecovered: MessageTypeDefinition<_orchestrator_v1_WorkflowRecovered__Input, _orchestrator_v1_WorkflowRecovered__Output>
      WorkflowResult: MessageTypeDefinition<_orchestrator_v1_WorkflowResult__Input, _orchestrator_v1_WorkflowResult__Output>
      WorkflowResumed: MessageTypeDefinition<_orchestrator_v1_WorkflowResumed__Input, _orchestrator_v1_WorkflowResumed__Output>
      /**
       * Starts workflows, shows them, steers them and hands out their results.
       * 
       * Every error that a method answers carries google.rpc details: always ErrorInfo (domain `orchestrator.v1`), with bad
       * input BadRequest (one field violation per bad field, paths in snake_case), with UNAVAILABLE and RESOURCE_EXHAUSTED a
       * RetryInfo where trying again helps. What ends a call below the methods cannot carry details: a request over 4 MiB
       * (RESOURCE_EXHAUSTED), an unknown method (UNIMPLEMENTED), a deadline (DEADLINE_EXCEEDED) or no complete request within
       * 30 s (the same), and a call that breaks gRPC itself, as with a compression that is not known.
       * 
       * A request may have 1 MiB. A larger one is RESOURCE_EXHAUSTED (reason REQUEST_TOO_LARGE, metadata `size` and `limit`):
       * larger texts belong into a corpus. Bytes that are not the protobuf message of the method are INVALID_ARGUMENT (reason
       * UNDECODABLE_REQUEST). Both name the field `request`.
       * 
       * Every method that takes a workflow id answers INVALID_ARGUMENT when it is not well-formed and NOT_FOUND when there is
       * no such workflow (any more). Every method answers UNAVAILABLE (reason STORE_UNAVAILABLE) while the store does not
       * answer. Deadlines of calls may be at most 24 days; longer ones may expire at once.
       */
      WorkflowService: SubtypeConstructor<typeof grpc.Client, _orchestrator_v1_WorkflowServiceClient> & { service: _orchestrator_v1_WorkflowServiceDefinition }
      WorkflowStarted: MessageTypeDefinition<_orchestrator_v1_WorkflowStarted__Input, _orchestrator_v1_WorkflowStarted__Output>
      WorkflowTimedOut: MessageTypeDefinition<_orchestrator_v1_WorkflowTimedOut__Input, _orchestrator_v1_WorkflowTimedOut__Output>
    }
  }
}

