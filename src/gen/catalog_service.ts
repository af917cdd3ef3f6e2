import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { ListValue__Input as _google_protobuf_ListValue__Input, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.ts';
import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Value__Input as _google_protobuf_Value__Input, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.ts';
import type { Agent__Input as _orchestrator_v1_Agent__Input, Agent__Output as _orchestrator_v1_Agent__Output } from './orchestrator/v1/Agent.ts';
import type { CatalogServiceClient as _orchestrator_v1_CatalogServiceClient, CatalogServiceDefinition as _orchestrator_v1_CatalogServiceDefinition } from './orchestrator/v1/CatalogService.ts';
import type { CircuitBreaker__Input as _orchestrator_v1_CircuitBreaker__Input, CircuitBreaker__Output as _orchestrator_v1_CircuitBreaker__Output } from './orchestrator/v1/CircuitBreaker.ts';
import type { DayBudget__Input as _orchestrator_v1_DayBudget__Input, DayBudget__Output as _orchestrator_v1_DayBudget__Output } from './orchestrator/v1/DayBudget.ts';
import type { DescribeLifecycleRequest__Input as _orchestrator_v1_DescribeLifecycleRequest__Input, DescribeLifecycleRequest__Output as _orchestrator_v1_DescribeLifecycleRequest__Output } from './orchestrator/v1/DescribeLifecycleRequest.ts';
import type { DescribeLifecycleResponse__Input as _orchestrator_v1_DescribeLifecycleResponse__Input, DescribeLifecycleResponse__Output as _orchestrator_v1_DescribeLifecycleResponse__Output } from './orchestrator/v1/DescribeLifecycleResponse.ts';
import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from './orchestrator/v1/Document.ts';
import type { DurationBucket__Input as _orchestrator_v1_DurationBucket__Input, DurationBucket__Output as _orchestrator_v1_DurationBucket__Output } from './orchestrator/v1/DurationBucket.ts';
import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from './orchestrator/v1/Failure.ts';
import type { GetStatsRequest__Input as _orchestrator_v1_GetStatsRequest__Input, GetStatsRequest__Output as _orchestrator_v1_GetStatsRequest__Output } from './orchestrator/v1/GetStatsRequest.ts';
import type { GetStatsResponse__Input as _orchestrator_v1_GetStatsResponse__Input, GetStatsResponse__Output as _orchestrator_v1_GetStatsResponse__Output } from './orchestrator/v1/GetStatsResponse.ts';
import type { InlineDocument__Input as _orchestrator_v1_InlineDocument__Input, InlineDocument__Output as _orchestrator_v1_InlineDocument__Output } from './orchestrator/v1/InlineDocument.ts';
import type { LifecycleState__Input as _orchestrator_v1_LifecycleState__Input, LifecycleState__Output as _orchestrator_v1_LifecycleState__Output } from './orchestrator/v1/LifecycleState.ts';
import type { LifecycleTransition__Input as _orchestrator_v1_LifecycleTransition__Input, LifecycleTransition__Output as _orchestrator_v1_LifecycleTransition__Output } from './orchestrator/v1/LifecycleTransition.ts';
import type { ListOrchestratorsRequest__Input as _orchestrator_v1_ListOrchestratorsRequest__Input, ListOrchestratorsRequest__Output as _orchestrator_v1_ListOrchestratorsRequest__Output } from './orchestrator/v1/ListOrchestratorsRequest.ts';
import type { ListOrchestratorsResponse__Input as _orchestrator_v1_ListOrchestratorsResponse__Input, ListOrchestratorsResponse__Output as _orchestrator_v1_ListOrchestratorsResponse__Output } from './orchestrator/v1/ListOrchestratorsResponse.ts';
import type { ListProvidersRequest__Input as _orchestrator_v1_ListProvidersRequest__Input, ListProvidersRequest__Output as _orchestrator_v1_ListProvidersRequest__Output } from './orchestrator/v1/ListProvidersRequest.ts';
import type { ListProvidersResponse__Input as _orchestrator_v1_ListProvidersResponse__Input, ListProvidersResponse__Output as _orchestrator_v1_ListProvidersResponse__Output } from './orchestrator/v1/ListProvidersResponse.ts';
import type { Orchestrator__Input as _orchestrator_v1_Orchestrator__Input, Orchestrator__Output as _orchestrator_v1_Orchestrator__Output } from './orchestrator/v1/Orchestrator.ts';
import type { OrchestratorStats__Input as _orchestrator_v1_OrchestratorStats__Input, OrchestratorStats__Output as _orchestrator_v1_OrchestratorStats__Output } from './orchestrator/v1/OrchestratorStats.ts';
import type { Plan__Input as _orchestrator_v1_Plan__Input, Plan__Output as _orchestrator_v1_Plan__Output } from './orchestrator/v1/Plan.ts';
import type { Provider__Input as _orchestrator_v1_Provider__Input, Provider__Output as _orchestrator_v1_Provider__Output } from './orchestrator/v1/Provider.ts';
import type { RateLimit__Input as _orchestrator_v1_RateLimit__Input, RateLimit__Output as _orchestrator_v1_RateLimit__Output } from './orchestrator/v1/RateLimit.ts';
import type { Receipt__Input as _orchestrator_v1_Receipt__Input, Receipt__Output as _orchestrator_v1_Receipt__Output } from './orchestrator/v1/Receipt.ts';
import type { Reserve__Input as _orchestrator_v1_Reserve__Input, Reserve__Output as _orchestrator_v1_Reserve__Output } from './orchestrator/v1/Reserve.ts';
import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from './orchestrator/v1/RunOptions.ts';
import type { SourceDocument__Input as _orchestrator_v1_SourceDocument__Input, SourceDocument__Output as _orchestrator_v1_SourceDocument__Output } from './orchestrator/v1/SourceDocument.ts';
import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from './orchestrator/v1/Subtask.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from './orchestrator/v1/Usage.ts';
import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from './orchestrator/v1/Workflow.ts';
import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from './orchestrator/v1/WorkflowError.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_Duration__Input, _google_protobuf_Duration__Output>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue__Input, _google_protobuf_ListValue__Output>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_Struct__Input, _google_protobuf_Struct__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp__Input, _google_protobuf_Timestamp__Output>
      Value: MessageTypeDefinition<_google_protobuf_Value__Input, _google_protobuf_Value__Output>
    }
  }
  orchestrator: {
    v1: {
      Agent: MessageTypeDefinition<_orchestrator_v1_Agent__Input, _orchestrator_v1_Agent__Output>
      /**
       * Says what this server can run, on what, and how it is doing. Errors carry google.rpc details as in WorkflowService.
       */
      CatalogService: SubtypeConstructor<typeof grpc.Client, _orchestrator_v1_CatalogServiceClient> & { service: _orchestrator_v1_CatalogServiceDefinition }
      CircuitBreaker: MessageTypeDefinition<_orchestrator_v1_CircuitBreaker__Input, _orchestrator_v1_CircuitBreaker__Output>
      DayBudget: MessageTypeDefinition<_orchestrator_v1_DayBudget__Input, _orchestrator_v1_DayBudget__Output>
      DescribeLifecycleRequest: MessageTypeDefinition<_orchestrator_v1_DescribeLifecycleRequest__Input, _orchestrator_v1_DescribeLifecycleRequest__Output>
      DescribeLifecycleResponse: MessageTypeDefinition<_orchestrator_v1_DescribeLifecycleResponse__Input, _orchestrator_v1_DescribeLifecycleResponse__Output>
      Document: MessageTypeDefinition<_orchestrator_v1_Document__Input, _orchestrator_v1_Document__Output>
      DurationBucket: MessageTypeDefinition<_orchestrator_v1_DurationBucket__Input, _orchestrator_v1_DurationBucket__Output>
      Failure: MessageTypeDefinition<_orchestrator_v1_Failure__Input, _orchestrator_v1_Failure__Output>
      GetStatsRequest: MessageTypeDefinition<_orchestrator_v1_GetStatsRequest__Input, _orchestrator_v1_GetStatsRequest__Output>
      GetStatsResponse: MessageTypeDefinition<_orchestrator_v1_GetStatsResponse__Input, _orchestrator_v1_GetStatsResponse__Output>
      InlineDocument: MessageTypeDefinition<_orchestrator_v1_InlineDocument__Input, _orchestrator_v1_InlineDocument__Output>
      LifecycleState: MessageTypeDefinition<_orchestrator_v1_LifecycleState__Input, _orchestrator_v1_LifecycleState__Output>
      LifecycleTransition: MessageTypeDefinition<_orchestrator_v1_LifecycleTransition__Input, _orchestrator_v1_LifecycleTransition__Output>
      ListOrchestratorsRequest: MessageTypeDefinition<_orchestrator_v1_ListOrchestratorsRequest__Input, _orchestrator_v1_ListOrchestratorsRequest__Output>
      ListOrchestratorsResponse: MessageTypeDefinition<_orchestrator_v1_ListOrchestratorsResponse__Input, _orchestrator_v1_ListOrchestratorsResponse__Output>
      ListProvidersRequest: MessageTypeDefinition<_orchestrator_v1_ListProvidersRequest__Input, _orchestrator_v1_ListProvidersRequest__Output>
      ListProvidersResponse: MessageTypeDefinition<_orchestrator_v1_ListProvidersResponse__Input, _orchestrator_v1_ListProvidersResponse__Output>
      Orchestrator: MessageTypeDefinition<_orchestrator_v1_Orchestrator__Input, _orchestrator_v1_Orchestrator__Output>
      OrchestratorStats: MessageTypeDefinition<_orchestrator_v1_OrchestratorStats__Input, _orchestrator_v1_OrchestratorStats__Output>
      Plan: MessageTypeDefinition<_orchestrator_v1_Plan__Input, _orchestrator_v1_Plan__Output>
      Provider: MessageTypeDefinition<_orchestrator_v1_Provider__Input, _orchestrator_v1_Provider__Output>
      RateLimit: MessageTypeDefinition<_orchestrator_v1_RateLimit__Input, _orchestrator_v1_RateLimit__Output>
      Receipt: MessageTypeDefinition<_orchestrator_v1_Receipt__Input, _orchestrator_v1_Receipt__Output>
      Reserve: MessageTypeDefinition<_orchestrator_v1_Reserve__Input, _orchestrator_v1_Reserve__Output>
      RunOptions: MessageTypeDefinition<_orchestrator_v1_RunOptions__Input, _orchestrator_v1_RunOptions__Output>
      SourceDocument: MessageTypeDefinition<_orchestrator_v1_SourceDocument__Input, _orchestrator_v1_SourceDocument__Output>
      Subtask: MessageTypeDefinition<_orchestrator_v1_Subtask__Input, _orchestrator_v1_Subtask__Output>
      Usage: MessageTypeDefinition<_orchestrator_v1_Usage__Input, _orchestrator_v1_Usage__Output>
      Workflow: MessageTypeDefinition<_orchestrator_v1_Workflow__Input, _orchestrator_v1_Workflow__Output>
      WorkflowError: MessageTypeDefinition<_orchestrator_v1_WorkflowError__Input, _orchestrator_v1_WorkflowError__Output>
    }
  }
}

