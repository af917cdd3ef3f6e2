// Original file: proto/orchestrator/v1/event.proto

import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { ReusedResult__Input as _orchestrator_v1_ReusedResult__Input, ReusedResult__Output as _orchestrator_v1_ReusedResult__Output } from '../../orchestrator/v1/ReusedResult.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An agent has its content: the output of the named turn.
 */
export interface AgentCompleted__Input {
  /**
   * The turn whose output is the content.
   */
  'turn'?: (number);
  /**
   * Sequence of the model_call_ended that holds the content.
   */
  'outputSequence'?: (number | string | Long);
  /**
   * Handles the content cites.
   */
  'citations'?: (string)[];
  /**
   * Handles it cites that no passage of its material carries; dropped from the report.
   */
  'unknownCitations'?: (string)[];
  /**
   * Tokens the agent was charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Its cost in billionths of a US dollar.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * From its first call to here.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
  /**
   * Attempts of all its turns.
   */
  'attempts'?: (number);
  /**
   * Whose result was taken over instead of paying again; absent unless in a fork.
   */
  'reusedFrom'?: (_orchestrator_v1_ReusedResult__Input | null);
  /**
   * What came of it: answered, or abstained (it says that it could not find out).
   */
  'outcome'?: (string);
}

/**
 * An agent has its content: the output of the named turn.
 */
export interface AgentCompleted__Output {
  /**
   * The turn whose output is the content.
   */
  'turn': (number);
  /**
   * Sequence of the model_call_ended that holds the content.
   */
  'outputSequence': (string);
  /**
   * Handles the content cites.
   */
  'citations': (string)[];
  /**
   * Handles it cites that no passage of its material carries; dropped from the report.
   */
  'unknownCitations': (string)[];
  /**
   * Tokens the agent was charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Its cost in billionths of a US dollar.
   */
  'costNanoUsd': (string);
  /**
   * The same cost in US dollars.
   */
  'costUsd': (number);
  /**
   * From its first call to here.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  /**
   * Attempts of all its turns.
   */
  'attempts': (number);
  /**
   * Whose result was taken over instead of paying again; absent unless in a fork.
   */
  'reusedFrom': (_orchestrator_v1_ReusedResult__Output | null);
  /**
   * What came of it: answered, or abstained (it says that it could not find out).
   */
  'outcome': (string);
}
