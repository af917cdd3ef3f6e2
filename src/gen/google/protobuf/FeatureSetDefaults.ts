// Original file: null

import type { Edition__Input as _google_protobuf_Edition__Input, Edition__Output as _google_protobuf_Edition__Output } from '../../google/protobuf/Edition.ts';
import type { FeatureSet__Input as _google_protobuf_FeatureSet__Input, FeatureSet__Output as _google_protobuf_FeatureSet__Output } from '../../google/protobuf/FeatureSet.ts';

export interface _google_protobuf_FeatureSetDefaults_FeatureSetEditionDefault__Input {
  'edition'?: (_google_protobuf_Edition__Input);
  'overridableFeatures'?: (_google_protobuf_FeatureSet__Input | null);
  'fixedFeatures'?: (_google_protobuf_FeatureSet__Input | null);
}

export interface _google_protobuf_FeatureSetDefaults_FeatureSetEditionDefault__Output {
  'edition': (_google_protobuf_Edition__Output);
  'overridableFeatures': (_google_protobuf_FeatureSet__Output | null);
  'fixedFeatures': (_google_protobuf_FeatureSet__Output | null);
}

export interface FeatureSetDefaults__Input {
  'defaults'?: (_google_protobuf_FeatureSetDefaults_FeatureSetEditionDefault__Input)[];
  'minimumEdition'?: (_google_protobuf_Edition__Input);
  'maximumEdition'?: (_google_protobuf_Edition__Input);
}

export interface FeatureSetDefaults__Output {
  'defaults': (_google_protobuf_FeatureSetDefaults_FeatureSetEditionDefault__Output)[];
  'minimumEdition': (_google_protobuf_Edition__Output);
  'maximumEdition': (_google_protobuf_Edition__Output);
}
