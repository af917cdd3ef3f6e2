// Original file: proto/orchestrator/v1/workflow_service.proto

import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from '../../orchestrator/v1/RunOptions.ts';

/**
 * A research to start.
 */
export interface StartResearchRequest__Input {
  /**
   * What to find out; 10 to 5,000 characters after trimming.
   */
  'task'?: (string);
  /**
   * At most 200 characters after trimming; default "Research: " and the first 50 characters of the task, with "..."
   * when that is not all of it.
   */
  'title'?: (string);
  /**
   * Researchers, 1 to 20; default 8.
   */
  'numAgents'?: (number);
  /**
   * Whether groups of five findings are synthesised; default true.
   */
  'enableDrummer'?: (boolean);
  /**
   * Whether group syntheses are brought together by an executive; default true.
   */
  'enableCamina'?: (boolean);
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
  /**
   * Researchers that may be added after the first round by a check of its findings against the plan, 0 to 5; default 0,
   * which makes no check. Those that are added count in the completeness.
   */
  'maxExtraResearchers'?: (number);
  '_numAgents'?: "numAgents";
  '_enableDrummer'?: "enableDrummer";
  '_enableCamina'?: "enableCamina";
  '_maxExtraResearchers'?: "maxExtraResearchers";
}

/**
 * A research to start.
 */
export interface StartResearchRequest__Output {
  /**
   * What to find out; 10 to 5,000 characters after trimming.
   */
  'task': (string);
  /**
   * At most 200 characters after trimming; default "Research: " and the first 50 characters of the task, with "..."
   * when that is not all of it.
   */
  'title': (string);
  /**
   * Researchers, 1 to 20; default 8.
   */
  'numAgents'?: (number);
  /**
   * Whether groups of five findings are synthesised; default true.
   */
  'enableDrummer'?: (boolean);
  /**
   * Whether group syntheses are brought together by an executive; default true.
   */
  'enableCamina'?: (boolean);
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
  /**
   * Researchers that may be added after the first round by a check of its findings against the plan, 0 to 5; default 0,
   * which makes no check. Those that are added count in the completeness.
   */
  'maxExtraResearchers'?: (number);
  '_numAgents'?: "numAgents";
  '_enableDrummer'?: "enableDrummer";
  '_enableCamina'?: "enableCamina";
  '_maxExtraResearchers'?: "maxExtraResearchers";
}
