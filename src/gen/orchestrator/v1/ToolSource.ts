// Original file: proto/orchestrator/v1/event.proto

import type { Passage__Input as _orchestrator_v1_Passage__Input, Passage__Output as _orchestrator_v1_Passage__Output } from '../../orchestrator/v1/Passage.ts';

/**
 * Something a tool found: a passage of a document, or a text of its own.
 */
export interface ToolSource__Input {
  /**
   * The passage, or the whole of the tool's answer.
   */
  'passage'?: (_orchestrator_v1_Passage__Input | null);
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
 * Something a tool found: a passage of a document, or a text of its own.
 */
export interface ToolSource__Output {
  /**
   * The passage, or the whole of the tool's answer.
   */
  'passage': (_orchestrator_v1_Passage__Output | null);
  /**
   * Where it can be looked at; empty: nowhere but in this workflow.
   */
  'url': (string);
  /**
   * For people; empty: the document's name says it.
   */
  'title': (string);
}
