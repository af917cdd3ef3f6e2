// Original file: null

import type { OneofOptions__Input as _google_protobuf_OneofOptions__Input, OneofOptions__Output as _google_protobuf_OneofOptions__Output } from '../../google/protobuf/OneofOptions.ts';

export interface OneofDescriptorProto__Input {
  'name'?: (string);
  'options'?: (_google_protobuf_OneofOptions__Input | null);
}

export interface OneofDescriptorProto__Output {
  'name': (string);
  'options': (_google_protobuf_OneofOptions__Output | null);
}
