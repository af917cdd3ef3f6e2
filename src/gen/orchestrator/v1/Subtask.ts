// Original file: proto/orchestrator/v1/workflow.proto


/**
 * One part of a task.
 */
export interface Subtask__Input {
  /**
   * A few words for people.
   */
  'title'?: (string);
  /**
   * What is to be found out.
   */
  'question'?: (string);
  /**
   * A specialisation the orchestrator knows, for example `news`; empty when there is none.
   */
  'type'?: (string);
}

/**
 * One part of a task.
 */
export interface Subtask__Output {
  /**
   * A few words for people.
   */
  'title': (string);
  /**
   * What is to be found out.
   */
  'question': (string);
  /**
   * A specialisation the orchestrator knows, for example `news`; empty when there is none.
   */
  'type': (string);
}
