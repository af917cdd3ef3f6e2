// Original file: proto/orchestrator/v1/catalog_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DescribeLifecycleRequest__Input as _orchestrator_v1_DescribeLifecycleRequest__Input, DescribeLifecycleRequest__Output as _orchestrator_v1_DescribeLifecycleRequest__Output } from '../../orchestrator/v1/DescribeLifecycleRequest.ts';
import type { DescribeLifecycleResponse__Input as _orchestrator_v1_DescribeLifecycleResponse__Input, DescribeLifecycleResponse__Output as _orchestrator_v1_DescribeLifecycleResponse__Output } from '../../orchestrator/v1/DescribeLifecycleResponse.ts';
import type { GetStatsRequest__Input as _orchestrator_v1_GetStatsRequest__Input, GetStatsRequest__Output as _orchestrator_v1_GetStatsRequest__Output } from '../../orchestrator/v1/GetStatsRequest.ts';
import type { GetStatsResponse__Input as _orchestrator_v1_GetStatsResponse__Input, GetStatsResponse__Output as _orchestrator_v1_GetStatsResponse__Output } from '../../orchestrator/v1/GetStatsResponse.ts';
import type { ListOrchestratorsRequest__Input as _orchestrator_v1_ListOrchestratorsRequest__Input, ListOrchestratorsRequest__Output as _orchestrator_v1_ListOrchestratorsRequest__Output } from '../../orchestrator/v1/ListOrchestratorsRequest.ts';
import type { ListOrchestratorsResponse__Input as _orchestrator_v1_ListOrchestratorsResponse__Input, ListOrchestratorsResponse__Output as _orchestrator_v1_ListOrchestratorsResponse__Output } from '../../orchestrator/v1/ListOrchestratorsResponse.ts';
import type { ListProvidersRequest__Input as _orchestrator_v1_ListProvidersRequest__Input, ListProvidersRequest__Output as _orchestrator_v1_ListProvidersRequest__Output } from '../../orchestrator/v1/ListProvidersRequest.ts';
import type { ListProvidersResponse__Input as _orchestrator_v1_ListProvidersResponse__Input, ListProvidersResponse__Output as _orchestrator_v1_ListProvidersResponse__Output } from '../../orchestrator/v1/ListProvidersResponse.ts';

/**
 * Says what this server can run, on what, and how it is doing. Errors carry google.rpc details as in WorkflowService.
 */
export interface CatalogServiceClient extends grpc.Client {
  /**
   * The states of a workflow and what leads from one to another, as the engine runs them.
   */
  DescribeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  DescribeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  DescribeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  DescribeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The states of a workflow and what leads from one to another, as the engine runs them.
   */
  describeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  describeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  describeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  describeLifecycle(argument: _orchestrator_v1_DescribeLifecycleRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_DescribeLifecycleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Counters of this process since it started.
   */
  GetStats(argument: _orchestrator_v1_GetStatsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _orchestrator_v1_GetStatsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _orchestrator_v1_GetStatsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _orchestrator_v1_GetStatsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Counters of this process since it started.
   */
  getStats(argument: _orchestrator_v1_GetStatsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _orchestrator_v1_GetStatsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _orchestrator_v1_GetStatsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _orchestrator_v1_GetStatsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The orchestrators and what they take.
   */
  ListOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  ListOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  ListOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  ListOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The orchestrators and what they take.
   */
  listOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  listOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  listOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  listOrchestrators(argument: _orchestrator_v1_ListOrchestratorsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListOrchestratorsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The providers and whether they can be used.
   */
  ListProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  ListProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  ListProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  ListProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The providers and whether they can be used.
   */
  listProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  listProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  listProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  listProviders(argument: _orchestrator_v1_ListProvidersRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListProvidersResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Says what this server can run, on what, and how it is doing. Errors carry google.rpc details as in WorkflowService.
 */
export interface CatalogServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The states of a workflow and what leads from one to another, as the engine runs them.
   */
  DescribeLifecycle: grpc.handleUnaryCall<_orchestrator_v1_DescribeLifecycleRequest__Output, _orchestrator_v1_DescribeLifecycleResponse__Input>;
  
  /**
   * Counters of this process since it started.
   */
  GetStats: grpc.handleUnaryCall<_orchestrator_v1_GetStatsRequest__Output, _orchestrator_v1_GetStatsResponse__Input>;
  
  /**
   * The orchestrators and what they take.
   */
  ListOrchestrators: grpc.handleUnaryCall<_orchestrator_v1_ListOrchestratorsRequest__Output, _orchestrator_v1_ListOrchestratorsResponse__Input>;
  
  /**
   * The providers and whether they can be used.
   */
  ListProviders: grpc.handleUnaryCall<_orchestrator_v1_ListProvidersRequest__Output, _orchestrator_v1_ListProvidersResponse__Input>;
  
}

export interface CatalogServiceDefinition extends grpc.ServiceDefinition {
  DescribeLifecycle: MethodDefinition<_orchestrator_v1_DescribeLifecycleRequest__Input, _orchestrator_v1_DescribeLifecycleResponse__Input, _orchestrator_v1_DescribeLifecycleRequest__Output, _orchestrator_v1_DescribeLifecycleResponse__Output>
  GetStats: MethodDefinition<_orchestrator_v1_GetStatsRequest__Input, _orchestrator_v1_GetStatsResponse__Input, _orchestrator_v1_GetStatsRequest__Output, _orchestrator_v1_GetStatsResponse__Output>
  ListOrchestrators: MethodDefinition<_orchestrator_v1_ListOrchestratorsRequest__Input, _orchestrator_v1_ListOrchestratorsResponse__Input, _orchestrator_v1_ListOrchestratorsRequest__Output, _orchestrator_v1_ListOrchestratorsResponse__Output>
  ListProviders: MethodDefinition<_orchestrator_v1_ListProvidersRequest__Input, _orchestrator_v1_ListProvidersResponse__Input, _orchestrator_v1_ListProvidersRequest__Output, _orchestrator_v1_ListProvidersResponse__Output>
}
