// Original file: proto/orchestrator/v1/workflow_service.proto

import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from '../../orchestrator/v1/RunOptions.ts';

/**
 * A search to start.
 */
export interface StartSearchRequest__Input {
  /**
   * What to search for; 5 to 1,000 characters after trimming.
   */
  'query'?: (string);
  /**
   * At most 200 characters after trimming; default "Search: " and the first 50 characters of the query, with "..."
   * when that is not all of it.
   */
  'title'?: (string);
  /**
   * Search agents, 1 to 20; default 5.
   */
  'numAgents'?: (number);
  /**
   * Types that agents may have, of image, video, news, academic, social, product, technical, text and general; empty:
   * all of them. An unknown type is refused, one named twice counts once, and nothing becomes a type that is not named.
   */
  'allowedAgentTypes'?: (string)[];
  /**
   * Options of the run.
   */
  'options'?: (_orchestrator_v1_RunOptions__Input | null);
  /**
   * Makes the start idempotent for 24 hours: the same id with the same body gives the same workflow. At most 128
   * printable ASCII characters without spaces.
   */
  'requestId'?: (string);
  /**
   * Checks the request and starts nothing: the reply holds the workflow as it would begin, without an id, or the error
   * names every bad field. `request_id` plays no part in it.
   */
  'validateOnly'?: (boolean);
  '_numAgents'?: "numAgents";
}

/**
 * A search to start.
 */
export interface StartSearchRequest__Output {
  /**
   * What to search for; 5 to 1,000 characters after trimming.
   */
  'query': (string);
  /**
   * At most 200 characters after trimming; default "Search: " and the first 50 characters of the query, with "..."
   * when that is not all of it.
   */
  'title': (string);
  /**
   * Search agents, 1 to 20; default 5.
   */
  'numAgents'?: (number);
  /**
   * Types that agents may have, of image, video, news, academic, social, product, technical, text and general; empty:
   * all of them. An unknown type is refused, one named twice counts once, and nothing becomes a type that is not named.
   */
  'allowedAgentTypes': (string)[];
  /**
   * Options of the run.
   */
  'options': (_orchestrator_v1_RunOptions__Output | null);
  /**
   * Makes the start idempotent for 24 hours: the same id with the same body gives the same workflow. At most 128
   * printable ASCII characters without spaces.
   */
  'requestId': (string);
  /**
   * Checks the request and starts nothing: the reply holds the workflow as it would begin, without an id, or the error
   * names every bad field. `request_id` plays no part in it.
   */
  'validateOnly': (boolean);
  '_numAgents'?: "numAgents";
}
