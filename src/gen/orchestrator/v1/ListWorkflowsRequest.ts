// Original file: proto/orchestrator/v1/workflow_service.proto

import type { _orchestrator_v1_Workflow_State__Input, _orchestrator_v1_Workflow_State__Output } from '../../orchestrator/v1/Workflow.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Which workflows to list. All conditions must hold; absent ones do not restrict.
 */
export interface ListWorkflowsRequest__Input {
  /**
   * At most this many; 0: 50; more than 1,000 is taken as 1,000; negative is refused. A page holds at most about 1 MiB,
   * but at least one workflow, so it may hold fewer and still have a next page.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of an earlier reply to the same conditions.
   */
  'pageToken'?: (string);
  /**
   * Any of these states.
   */
  'states'?: (_orchestrator_v1_Workflow_State__Input)[];
  /**
   * Of this orchestrator.
   */
  'orchestrator'?: (string);
  /**
   * With all of these labels; at most 64, as long as a workflow's may be.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Created at or after this time.
   */
  'createTimeFrom'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Created before this time.
   */
  'createTimeBefore'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * Which workflows to list. All conditions must hold; absent ones do not restrict.
 */
export interface ListWorkflowsRequest__Output {
  /**
   * At most this many; 0: 50; more than 1,000 is taken as 1,000; negative is refused. A page holds at most about 1 MiB,
   * but at least one workflow, so it may hold fewer and still have a next page.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of an earlier reply to the same conditions.
   */
  'pageToken': (string);
  /**
   * Any of these states.
   */
  'states': (_orchestrator_v1_Workflow_State__Output)[];
  /**
   * Of this orchestrator.
   */
  'orchestrator': (string);
  /**
   * With all of these labels; at most 64, as long as a workflow's may be.
   */
  'labels': ({[key: string]: string});
  /**
   * Created at or after this time.
   */
  'createTimeFrom': (_google_protobuf_Timestamp__Output | null);
  /**
   * Created before this time.
   */
  'createTimeBefore': (_google_protobuf_Timestamp__Output | null);
}
