// Original file: proto/orchestrator/v1/workflow_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelWorkflowRequest__Input as _orchestrator_v1_CancelWorkflowRequest__Input, CancelWorkflowRequest__Output as _orchestrator_v1_CancelWorkflowRequest__Output } from '../../orchestrator/v1/CancelWorkflowRequest.ts';
import type { CancelWorkflowResponse__Input as _orchestrator_v1_CancelWorkflowResponse__Input, CancelWorkflowResponse__Output as _orchestrator_v1_CancelWorkflowResponse__Output } from '../../orchestrator/v1/CancelWorkflowResponse.ts';
import type { ConcludeWorkflowRequest__Input as _orchestrator_v1_ConcludeWorkflowRequest__Input, ConcludeWorkflowRequest__Output as _orchestrator_v1_ConcludeWorkflowRequest__Output } from '../../orchestrator/v1/ConcludeWorkflowRequest.ts';
import type { ConcludeWorkflowResponse__Input as _orchestrator_v1_ConcludeWorkflowResponse__Input, ConcludeWorkflowResponse__Output as _orchestrator_v1_ConcludeWorkflowResponse__Output } from '../../orchestrator/v1/ConcludeWorkflowResponse.ts';
import type { DeleteWorkflowRequest__Input as _orchestrator_v1_DeleteWorkflowRequest__Input, DeleteWorkflowRequest__Output as _orchestrator_v1_DeleteWorkflowRequest__Output } from '../../orchestrator/v1/DeleteWorkflowRequest.ts';
import type { DeleteWorkflowResponse__Input as _orchestrator_v1_DeleteWorkflowResponse__Input, DeleteWorkflowResponse__Output as _orchestrator_v1_DeleteWorkflowResponse__Output } from '../../orchestrator/v1/DeleteWorkflowResponse.ts';
import type { DownloadDocumentRequest__Input as _orchestrator_v1_DownloadDocumentRequest__Input, DownloadDocumentRequest__Output as _orchestrator_v1_DownloadDocumentRequest__Output } from '../../orchestrator/v1/DownloadDocumentRequest.ts';
import type { DownloadDocumentResponse__Input as _orchestrator_v1_DownloadDocumentResponse__Input, DownloadDocumentResponse__Output as _orchestrator_v1_DownloadDocumentResponse__Output } from '../../orchestrator/v1/DownloadDocumentResponse.ts';
import type { GetWorkflowRequest__Input as _orchestrator_v1_GetWorkflowRequest__Input, GetWorkflowRequest__Output as _orchestrator_v1_GetWorkflowRequest__Output } from '../../orchestrator/v1/GetWorkflowRequest.ts';
import type { GetWorkflowResponse__Input as _orchestrator_v1_GetWorkflowResponse__Input, GetWorkflowResponse__Output as _orchestrator_v1_GetWorkflowResponse__Output } from '../../orchestrator/v1/GetWorkflowResponse.ts';
import type { GetWorkflowResultRequest__Input as _orchestrator_v1_GetWorkflowResultRequest__Input, GetWorkflowResultRequest__Output as _orchestrator_v1_GetWorkflowResultRequest__Output } from '../../orchestrator/v1/GetWorkflowResultRequest.ts';
import type { GetWorkflowResultResponse__Input as _orchestrator_v1_GetWorkflowResultResponse__Input, GetWorkflowResultResponse__Output as _orchestrator_v1_GetWorkflowResultResponse__Output } from '../../orchestrator/v1/GetWorkflowResultResponse.ts';
import type { ListDocumentsRequest__Input as _orchestrator_v1_ListDocumentsRequest__Input, ListDocumentsRequest__Output as _orchestrator_v1_ListDocumentsRequest__Output } from '../../orchestrator/v1/ListDocumentsRequest.ts';
import type { ListDocumentsResponse__Input as _orchestrator_v1_ListDocumentsResponse__Input, ListDocumentsResponse__Output as _orchestrator_v1_ListDocumentsResponse__Output } from '../../orchestrator/v1/ListDocumentsResponse.ts';
import type { ListWorkflowEventsRequest__Input as _orchestrator_v1_ListWorkflowEventsRequest__Input, ListWorkflowEventsRequest__Output as _orchestrator_v1_ListWorkflowEventsRequest__Output } from '../../orchestrator/v1/ListWorkflowEventsRequest.ts';
import type { ListWorkflowEventsResponse__Input as _orchestrator_v1_ListWorkflowEventsResponse__Input, ListWorkflowEventsResponse__Output as _orchestrator_v1_ListWorkflowEventsResponse__Output } from '../../orchestrator/v1/ListWorkflowEventsResponse.ts';
import type { ListWorkflowsRequest__Input as _orchestrator_v1_ListWorkflowsRequest__Input, ListWorkflowsRequest__Output as _orchestrator_v1_ListWorkflowsRequest__Output } from '../../orchestrator/v1/ListWorkflowsRequest.ts';
import type { ListWorkflowsResponse__Input as _orchestrator_v1_ListWorkflowsResponse__Input, ListWorkflowsResponse__Output as _orchestrator_v1_ListWorkflowsResponse__Output } from '../../orchestrator/v1/ListWorkflowsResponse.ts';
import type { PauseWorkflowRequest__Input as _orchestrator_v1_PauseWorkflowRequest__Input, PauseWorkflowRequest__Output as _orchestrator_v1_PauseWorkflowRequest__Output } from '../../orchestrator/v1/PauseWorkflowRequest.ts';
import type { PauseWorkflowResponse__Input as _orchestrator_v1_PauseWorkflowResponse__Input, PauseWorkflowResponse__Output as _orchestrator_v1_PauseWorkflowResponse__Output } from '../../orchestrator/v1/PauseWorkflowResponse.ts';
import type { ResumeWorkflowRequest__Input as _orchestrator_v1_ResumeWorkflowRequest__Input, ResumeWorkflowRequest__Output as _orchestrator_v1_ResumeWorkflowRequest__Output } from '../../orchestrator/v1/ResumeWorkflowRequest.ts';
import type { ResumeWorkflowResponse__Input as _orchestrator_v1_ResumeWorkflowResponse__Input, ResumeWorkflowResponse__Output as _orchestrator_v1_ResumeWorkflowResponse__Output } from '../../orchestrator/v1/ResumeWorkflowResponse.ts';
import type { StartResearchRequest__Input as _orchestrator_v1_StartResearchRequest__Input, StartResearchRequest__Output as _orchestrator_v1_StartResearchRequest__Output } from '../../orchestrator/v1/StartResearchRequest.ts';
import type { StartResearchResponse__Input as _orchestrator_v1_StartResearchResponse__Input, StartResearchResponse__Output as _orchestrator_v1_StartResearchResponse__Output } from '../../orchestrator/v1/StartResearchResponse.ts';
import type { StartWorkflowRequest__Input as _orchestrator_v1_StartWorkflowRequest__Input, StartWorkflowRequest__Output as _orchestrator_v1_StartWorkflowRequest__Output } from '../../orchestrator/v1/StartWorkflowRequest.ts';
import type { StartWorkflowResponse__Input as _orchestrator_v1_StartWorkflowResponse__Input, StartWorkflowResponse__Output as _orchestrator_v1_StartWorkflowResponse__Output } from '../../orchestrator/v1/StartWorkflowResponse.ts';
import type { WaitWorkflowRequest__Input as _orchestrator_v1_WaitWorkflowRequest__Input, WaitWorkflowRequest__Output as _orchestrator_v1_WaitWorkflowRequest__Output } from '../../orchestrator/v1/WaitWorkflowRequest.ts';
import type { WaitWorkflowResponse__Input as _orchestrator_v1_WaitWorkflowResponse__Input, WaitWorkflowResponse__Output as _orchestrator_v1_WaitWorkflowResponse__Output } from '../../orchestrator/v1/WaitWorkflowResponse.ts';
import type { WatchWorkflowRequest__Input as _orchestrator_v1_WatchWorkflowRequest__Input, WatchWorkflowRequest__Output as _orchestrator_v1_WatchWorkflowRequest__Output } from '../../orchestrator/v1/WatchWorkflowRequest.ts';
import type { WatchWorkflowResponse__Input as _orchestrator_v1_WatchWorkflowResponse__Input, WatchWorkflowResponse__Output as _orchestrator_v1_WatchWorkflowResponse__Output } from '../../orchestrator/v1/WatchWorkflowResponse.ts';

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
export interface WorkflowServiceClient extends grpc.Client {
  /**
   * Ends a workflow that is pending, running or paused: aborts its calls and answers when nothing runs any more, at
   * the latest about 5 s later. May be repeated: the receipt stays the same. UNAVAILABLE (reason WORKFLOW_NOT_CARRIED):
   * no process can write its log at the moment, the message says why; try again.
   */
  CancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  CancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  CancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  CancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a workflow that is pending, running or paused: aborts its calls and answers when nothing runs any more, at
   * the latest about 5 s later. May be repeated: the receipt stays the same. UNAVAILABLE (reason WORKFLOW_NOT_CARRIED):
   * no process can write its log at the moment, the message says why; try again.
   */
  cancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  cancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  cancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  cancelWorkflow(argument: _orchestrator_v1_CancelWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_CancelWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Brings a running workflow to an early end with a report: no new work begins, work under way gets 10 s, then the
   * report is written from what there is and names what is missing. Answers when that is durable; watch or wait for the
   * end. May be repeated. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow. A workflow without a
   * plan or without any finding fails.
   */
  ConcludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ConcludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ConcludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ConcludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Brings a running workflow to an early end with a report: no new work begins, work under way gets 10 s, then the
   * report is written from what there is and names what is missing. Answers when that is durable; watch or wait for the
   * end. May be repeated. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow. A workflow without a
   * plan or without any finding fails.
   */
  concludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  concludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  concludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  concludeWorkflow(argument: _orchestrator_v1_ConcludeWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ConcludeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Removes a workflow that has ended, at once and for good: its events, result, documents and the blobs that no other
   * workflow shares. Its request id stays known. FAILED_PRECONDITION while it has not ended.
   */
  DeleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  DeleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  DeleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  DeleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Removes a workflow that has ended, at once and for good: its events, result, documents and the blobs that no other
   * workflow shares. Its request id stays known. FAILED_PRECONDITION while it has not ended.
   */
  deleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  deleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  deleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  deleteWorkflow(argument: _orchestrator_v1_DeleteWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_DeleteWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams the bytes of a rendered document: first a message with its metadata, then chunks of at most 64 KiB.
   */
  DownloadDocument(argument: _orchestrator_v1_DownloadDocumentRequest__Input, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_DownloadDocumentResponse__Output>;
  DownloadDocument(argument: _orchestrator_v1_DownloadDocumentRequest__Input, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_DownloadDocumentResponse__Output>;
  /**
   * Streams the bytes of a rendered document: first a message with its metadata, then chunks of at most 64 KiB.
   */
  downloadDocument(argument: _orchestrator_v1_DownloadDocumentRequest__Input, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_DownloadDocumentResponse__Output>;
  downloadDocument(argument: _orchestrator_v1_DownloadDocumentRequest__Input, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_DownloadDocumentResponse__Output>;
  
  /**
   * Shows a workflow with all its details.
   */
  GetWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Shows a workflow with all its details.
   */
  getWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _orchestrator_v1_GetWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The result of a workflow that has ended, in any terminal state: what its agents found stays readable.
   * FAILED_PRECONDITION (reason WORKFLOW_NOT_FINISHED) before.
   */
  GetWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  GetWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The result of a workflow that has ended, in any terminal state: what its agents found stays readable.
   * FAILED_PRECONDITION (reason WORKFLOW_NOT_FINISHED) before.
   */
  getWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  getWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  getWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  getWorkflowResult(argument: _orchestrator_v1_GetWorkflowResultRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_GetWorkflowResultResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The rendered documents of a workflow, also those under way or failed.
   */
  ListDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  ListDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  ListDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  ListDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The rendered documents of a workflow, also those under way or failed.
   */
  listDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  listDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  listDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  listDocuments(argument: _orchestrator_v1_ListDocumentsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListDocumentsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Pages through a workflow's events. OUT_OF_RANGE: `after_sequence` is above the last event.
   */
  ListWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Pages through a workflow's events. OUT_OF_RANGE: `after_sequence` is above the last event.
   */
  listWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflowEvents(argument: _orchestrator_v1_ListWorkflowEventsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists workflows, newest first, without details.
   */
  ListWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists workflows, newest first, without details.
   */
  listWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _orchestrator_v1_ListWorkflowsRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Holds a pending or running workflow. Calls already sent finish and are recorded; new ones wait, clocks stand
   * still. May be repeated: a workflow that is paused already is answered as it is. FAILED_PRECONDITION in any other
   * state, RESOURCE_EXHAUSTED (reason EVENT_LIMIT) when the log is nearly full, UNAVAILABLE as CancelWorkflow.
   */
  PauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  PauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  PauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  PauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Holds a pending or running workflow. Calls already sent finish and are recorded; new ones wait, clocks stand
   * still. May be repeated: a workflow that is paused already is answered as it is. FAILED_PRECONDITION in any other
   * state, RESOURCE_EXHAUSTED (reason EVENT_LIMIT) when the log is nearly full, UNAVAILABLE as CancelWorkflow.
   */
  pauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  pauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  pauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  pauseWorkflow(argument: _orchestrator_v1_PauseWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_PauseWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts a paused workflow back in line. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow.
   */
  ResumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ResumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ResumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  ResumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts a paused workflow back in line. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow.
   */
  resumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  resumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  resumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  resumeWorkflow(argument: _orchestrator_v1_ResumeWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_ResumeWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Starts a hierarchical research. Answers as soon as the workflow is durable, before any agent runs. Errors:
   * INVALID_ARGUMENT, ALREADY_EXISTS (request id used with another body), RESOURCE_EXHAUSTED (too many workflows wait),
   * UNAVAILABLE (reason NOT_ACCEPTING: starting or shutting down).
   */
  StartResearch(argument: _orchestrator_v1_StartResearchRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  StartResearch(argument: _orchestrator_v1_StartResearchRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  StartResearch(argument: _orchestrator_v1_StartResearchRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  StartResearch(argument: _orchestrator_v1_StartResearchRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Starts a hierarchical research. Answers as soon as the workflow is durable, before any agent runs. Errors:
   * INVALID_ARGUMENT, ALREADY_EXISTS (request id used with another body), RESOURCE_EXHAUSTED (too many workflows wait),
   * UNAVAILABLE (reason NOT_ACCEPTING: starting or shutting down).
   */
  startResearch(argument: _orchestrator_v1_StartResearchRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  startResearch(argument: _orchestrator_v1_StartResearchRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  startResearch(argument: _orchestrator_v1_StartResearchRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  startResearch(argument: _orchestrator_v1_StartResearchRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_StartResearchResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Starts a workflow of any orchestrator that ListOrchestrators names. Errors as StartResearch.
   */
  StartWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  StartWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  StartWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  StartWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Starts a workflow of any orchestrator that ListOrchestrators names. Errors as StartResearch.
   */
  startWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  startWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  startWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  startWorkflow(argument: _orchestrator_v1_StartWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_StartWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Answers when the workflow has ended, or with its state as it is when the time is over. The workflow does not
   * depend on the call. UNAVAILABLE (reason SHUTTING_DOWN): the server shuts down; wait again elsewhere or later.
   */
  WaitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  WaitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  WaitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  WaitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Answers when the workflow has ended, or with its state as it is when the time is over. The workflow does not
   * depend on the call. UNAVAILABLE (reason SHUTTING_DOWN): the server shuts down; wait again elsewhere or later.
   */
  waitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  waitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, metadata: grpc.Metadata, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  waitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, options: grpc.CallOptions, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  waitWorkflow(argument: _orchestrator_v1_WaitWorkflowRequest__Input, callback: grpc.requestCallback<_orchestrator_v1_WaitWorkflowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a workflow's events as they become durable, and ends OK after the terminal event. A reader that takes
   * nothing for 60 s is closed with RESOURCE_EXHAUSTED (reason SLOW_CONSUMER), a server that shuts down answers
   * UNAVAILABLE; both name in ErrorInfo metadata `after_sequence` from where to go on. OUT_OF_RANGE: `after_sequence`
   * is above the last event.
   */
  WatchWorkflow(argument: _orchestrator_v1_WatchWorkflowRequest__Input, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_WatchWorkflowResponse__Output>;
  WatchWorkflow(argument: _orchestrator_v1_WatchWorkflowRequest__Input, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_WatchWorkflowResponse__Output>;
  /**
   * Streams a workflow's events as they become durable, and ends OK after the terminal event. A reader that takes
   * nothing for 60 s is closed with RESOURCE_EXHAUSTED (reason SLOW_CONSUMER), a server that shuts down answers
   * UNAVAILABLE; both name in ErrorInfo metadata `after_sequence` from where to go on. OUT_OF_RANGE: `after_sequence`
   * is above the last event.
   */
  watchWorkflow(argument: _orchestrator_v1_WatchWorkflowRequest__Input, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_WatchWorkflowResponse__Output>;
  watchWorkflow(argument: _orchestrator_v1_WatchWorkflowRequest__Input, options?: grpc.CallOptions): grpc.ClientReadableStream<_orchestrator_v1_WatchWorkflowResponse__Output>;
  
}

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
export interface WorkflowServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends a workflow that is pending, running or paused: aborts its calls and answers when nothing runs any more, at
   * the latest about 5 s later. May be repeated: the receipt stays the same. UNAVAILABLE (reason WORKFLOW_NOT_CARRIED):
   * no process can write its log at the moment, the message says why; try again.
   */
  CancelWorkflow: grpc.handleUnaryCall<_orchestrator_v1_CancelWorkflowRequest__Output, _orchestrator_v1_CancelWorkflowResponse__Input>;
  
  /**
   * Brings a running workflow to an early end with a report: no new work begins, work under way gets 10 s, then the
   * report is written from what there is and names what is missing. Answers when that is durable; watch or wait for the
   * end. May be repeated. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow. A workflow without a
   * plan or without any finding fails.
   */
  ConcludeWorkflow: grpc.handleUnaryCall<_orchestrator_v1_ConcludeWorkflowRequest__Output, _orchestrator_v1_ConcludeWorkflowResponse__Input>;
  
  /**
   * Removes a workflow that has ended, at once and for good: its events, result, documents and the blobs that no other
   * workflow shares. Its request id stays known. FAILED_PRECONDITION while it has not ended.
   */
  DeleteWorkflow: grpc.handleUnaryCall<_orchestrator_v1_DeleteWorkflowRequest__Output, _orchestrator_v1_DeleteWorkflowResponse__Input>;
  
  /**
   * Streams the bytes of a rendered document: first a message with its metadata, then chunks of at most 64 KiB.
   */
  DownloadDocument: grpc.handleServerStreamingCall<_orchestrator_v1_DownloadDocumentRequest__Output, _orchestrator_v1_DownloadDocumentResponse__Input>;
  
  /**
   * Shows a workflow with all its details.
   */
  GetWorkflow: grpc.handleUnaryCall<_orchestrator_v1_GetWorkflowRequest__Output, _orchestrator_v1_GetWorkflowResponse__Input>;
  
  /**
   * The result of a workflow that has ended, in any terminal state: what its agents found stays readable.
   * FAILED_PRECONDITION (reason WORKFLOW_NOT_FINISHED) before.
   */
  GetWorkflowResult: grpc.handleUnaryCall<_orchestrator_v1_GetWorkflowResultRequest__Output, _orchestrator_v1_GetWorkflowResultResponse__Input>;
  
  /**
   * The rendered documents of a workflow, also those under way or failed.
   */
  ListDocuments: grpc.handleUnaryCall<_orchestrator_v1_ListDocumentsRequest__Output, _orchestrator_v1_ListDocumentsResponse__Input>;
  
  /**
   * Pages through a workflow's events. OUT_OF_RANGE: `after_sequence` is above the last event.
   */
  ListWorkflowEvents: grpc.handleUnaryCall<_orchestrator_v1_ListWorkflowEventsRequest__Output, _orchestrator_v1_ListWorkflowEventsResponse__Input>;
  
  /**
   * Lists workflows, newest first, without details.
   */
  ListWorkflows: grpc.handleUnaryCall<_orchestrator_v1_ListWorkflowsRequest__Output, _orchestrator_v1_ListWorkflowsResponse__Input>;
  
  /**
   * Holds a pending or running workflow. Calls already sent finish and are recorded; new ones wait, clocks stand
   * still. May be repeated: a workflow that is paused already is answered as it is. FAILED_PRECONDITION in any other
   * state, RESOURCE_EXHAUSTED (reason EVENT_LIMIT) when the log is nearly full, UNAVAILABLE as CancelWorkflow.
   */
  PauseWorkflow: grpc.handleUnaryCall<_orchestrator_v1_PauseWorkflowRequest__Output, _orchestrator_v1_PauseWorkflowResponse__Input>;
  
  /**
   * Puts a paused workflow back in line. FAILED_PRECONDITION in any other state, UNAVAILABLE as CancelWorkflow.
   */
  ResumeWorkflow: grpc.handleUnaryCall<_orchestrator_v1_ResumeWorkflowRequest__Output, _orchestrator_v1_ResumeWorkflowResponse__Input>;
  
  /**
   * Starts a hierarchical research. Answers as soon as the workflow is durable, before any agent runs. Errors:
   * INVALID_ARGUMENT, ALREADY_EXISTS (request id used with another body), RESOURCE_EXHAUSTED (too many workflows wait),
   * UNAVAILABLE (reason NOT_ACCEPTING: starting or shutting down).
   */
  StartResearch: grpc.handleUnaryCall<_orchestrator_v1_StartResearchRequest__Output, _orchestrator_v1_StartResearchResponse__Input>;
  
  /**
   * Starts a workflow of any orchestrator that ListOrchestrators names. Errors as StartResearch.
   */
  StartWorkflow: grpc.handleUnaryCall<_orchestrator_v1_StartWorkflowRequest__Output, _orchestrator_v1_StartWorkflowResponse__Input>;
  
  /**
   * Answers when the workflow has ended, or with its state as it is when the time is over. The workflow does not
   * depend on the call. UNAVAILABLE (reason SHUTTING_DOWN): the server shuts down; wait again elsewhere or later.
   */
  WaitWorkflow: grpc.handleUnaryCall<_orchestrator_v1_WaitWorkflowRequest__Output, _orchestrator_v1_WaitWorkflowResponse__Input>;
  
  /**
   * Streams a workflow's events as they become durable, and ends OK after the terminal event. A reader that takes
   * nothing for 60 s is closed with RESOURCE_EXHAUSTED (reason SLOW_CONSUMER), a server that shuts down answers
   * UNAVAILABLE; both name in ErrorInfo metadata `after_sequence` from where to go on. OUT_OF_RANGE: `after_sequence`
   * is above the last event.
   */
  WatchWorkflow: grpc.handleServerStreamingCall<_orchestrator_v1_WatchWorkflowRequest__Output, _orchestrator_v1_WatchWorkflowResponse__Input>;
  
}

export interface WorkflowServiceDefinition extends grpc.ServiceDefinition {
  CancelWorkflow: MethodDefinition<_orchestrator_v1_CancelWorkflowRequest__Input, _orchestrator_v1_CancelWorkflowResponse__Input, _orchestrator_v1_CancelWorkflowRequest__Output, _orchestrator_v1_CancelWorkflowResponse__Output>
  ConcludeWorkflow: MethodDefinition<_orchestrator_v1_ConcludeWorkflowRequest__Input, _orchestrator_v1_ConcludeWorkflowResponse__Input, _orchestrator_v1_ConcludeWorkflowRequest__Output, _orchestrator_v1_ConcludeWorkflowResponse__Output>
  DeleteWorkflow: MethodDefinition<_orchestrator_v1_DeleteWorkflowRequest__Input, _orchestrator_v1_DeleteWorkflowResponse__Input, _orchestrator_v1_DeleteWorkflowRequest__Output, _orchestrator_v1_DeleteWorkflowResponse__Output>
  DownloadDocument: MethodDefinition<_orchestrator_v1_DownloadDocumentRequest__Input, _orchestrator_v1_DownloadDocumentResponse__Input, _orchestrator_v1_DownloadDocumentRequest__Output, _orchestrator_v1_DownloadDocumentResponse__Output>
  GetWorkflow: MethodDefinition<_orchestrator_v1_GetWorkflowRequest__Input, _orchestrator_v1_GetWorkflowResponse__Input, _orchestrator_v1_GetWorkflowRequest__Output, _orchestrator_v1_GetWorkflowResponse__Output>
  GetWorkflowResult: MethodDefinition<_orchestrator_v1_GetWorkflowResultRequest__Input, _orchestrator_v1_GetWorkflowResultResponse__Input, _orchestrator_v1_GetWorkflowResultRequest__Output, _orchestrator_v1_GetWorkflowResultResponse__Output>
  ListDocuments: MethodDefinition<_orchestrator_v1_ListDocumentsRequest__Input, _orchestrator_v1_ListDocumentsResponse__Input, _orchestrator_v1_ListDocumentsRequest__Output, _orchestrator_v1_ListDocumentsResponse__Output>
  ListWorkflowEvents: MethodDefinition<_orchestrator_v1_ListWorkflowEventsRequest__Input, _orchestrator_v1_ListWorkflowEventsResponse__Input, _orchestrator_v1_ListWorkflowEventsRequest__Output, _orchestrator_v1_ListWorkflowEventsResponse__Output>
  ListWorkflows: MethodDefinition<_orchestrator_v1_ListWorkflowsRequest__Input, _orchestrator_v1_ListWorkflowsResponse__Input, _orchestrator_v1_ListWorkflowsRequest__Output, _orchestrator_v1_ListWorkflowsResponse__Output>
  PauseWorkflow: MethodDefinition<_orchestrator_v1_PauseWorkflowRequest__Input, _orchestrator_v1_PauseWorkflowResponse__Input, _orchestrator_v1_PauseWorkflowRequest__Output, _orchestrator_v1_PauseWorkflowResponse__Output>
  ResumeWorkflow: MethodDefinition<_orchestrator_v1_ResumeWorkflowRequest__Input, _orchestrator_v1_ResumeWorkflowResponse__Input, _orchestrator_v1_ResumeWorkflowRequest__Output, _orchestrator_v1_ResumeWorkflowResponse__Output>
  StartResearch: MethodDefinition<_orchestrator_v1_StartResearchRequest__Input, _orchestrator_v1_StartResearchResponse__Input, _orchestrator_v1_StartResearchRequest__Output, _orchestrator_v1_StartResearchResponse__Output>
  StartWorkflow: MethodDefinition<_orchestrator_v1_StartWorkflowRequest__Input, _orchestrator_v1_StartWorkflowResponse__Input, _orchestrator_v1_StartWorkflowRequest__Output, _orchestrator_v1_StartWorkflowResponse__Output>
  WaitWorkflow: MethodDefinition<_orchestrator_v1_WaitWorkflowRequest__Input, _orchestrator_v1_WaitWorkflowResponse__Input, _orchestrator_v1_WaitWorkflowRequest__Output, _orchestrator_v1_WaitWorkflowResponse__Output>
  WatchWorkflow: MethodDefinition<_orchestrator_v1_WatchWorkflowRequest__Input, _orchestrator_v1_WatchWorkflowResponse__Input, _orchestrator_v1_WatchWorkflowRequest__Output, _orchestrator_v1_WatchWorkflowResponse__Output>
}
