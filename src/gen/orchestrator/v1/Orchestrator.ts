// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';

/**
 * A named pattern of agents.
 */
export interface Orchestrator__Input {
  /**
   * `^[a-z][a-z_]*$`; the first part of its workflows' ids.
   */
  'name'?: (string);
  /**
   * Version of its rules.
   */
  'version'?: (number);
  /**
   * For people.
   */
  'description'?: (string);
  /**
   * JSON Schema of the input that StartWorkflow takes.
   */
  'inputSchema'?: (_google_protobuf_Struct__Input | null);
}

/**
 * A named pattern of agents.
 */
export interface Orchestrator__Output {
  /**
   * `^[a-z][a-z_]*$`; the first part of its workflows' ids.
   */
  'name': (string);
  /**
   * Version of its rules.
   */
  'version': (number);
  /**
   * For people.
   */
  'description': (string);
  /**
   * JSON Schema of the input that StartWorkflow takes.
   */
  'inputSchema': (_google_protobuf_Struct__Output | null);
}
