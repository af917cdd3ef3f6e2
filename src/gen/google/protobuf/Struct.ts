// Original file: null

import type { Value__Input as _google_protobuf_Value__Input, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.ts';

export interface Struct__Input {
  'fields'?: ({[key: string]: _google_protobuf_Value__Input});
}

export interface Struct__Output {
  'fields': ({[key: string]: _google_protobuf_Value__Output});
}
