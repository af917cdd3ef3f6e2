// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Passage__Input as _orchestrator_v1_Passage__Input, Passage__Output as _orchestrator_v1_Passage__Output } from '../../orchestrator/v1/Passage.ts';

/**
 * A source of the report.
 */
export interface NumberedSource__Input {
  /**
   * Counted from 1, in order of first citation.
   */
  'number'?: (number);
  /**
   * The passage.
   */
  'passage'?: (_orchestrator_v1_Passage__Input | null);
  /**
   * Every handle it was cited by: what several agents found is one source.
   */
  'handles'?: (string)[];
  /**
   * Where it can be looked at; empty: nowhere but in this workflow.
   */
  'url'?: (string);
  /**
   * For people; empty: the document's name says it.
   */
  'title'?: (string);
}

/**
 * A source of the report.
 */
export interface NumberedSource__Output {
  /**
   * Counted from 1, in order of first citation.
   */
  'number': (number);
  /**
   * The passage.
   */
  'passage': (_orchestrator_v1_Passage__Output | null);
  /**
   * Every handle it was cited by: what several agents found is one source.
   */
  'handles': (string)[];
  /**
   * Where it can be looked at; empty: nowhere but in this workflow.
   */
  'url': (string);
  /**
   * For people; empty: the document's name says it.
   */
  'title': (string);
}
