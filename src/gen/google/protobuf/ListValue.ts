// Original file: null

import type { Value__Input as _google_protobuf_Value__Input, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.ts';

export interface ListValue__Input {
  'values'?: (_google_protobuf_Value__Input)[];
}

export interface ListValue__Output {
  'values': (_google_protobuf_Value__Output)[];
}
