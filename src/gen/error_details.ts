import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { BadRequest__Input as _google_rpc_BadRequest__Input, BadRequest__Output as _google_rpc_BadRequest__Output } from './google/rpc/BadRequest.ts';
import type { DebugInfo__Input as _google_rpc_DebugInfo__Input, DebugInfo__Output as _google_rpc_DebugInfo__Output } from './google/rpc/DebugInfo.ts';
import type { ErrorInfo__Input as _google_rpc_ErrorInfo__Input, ErrorInfo__Output as _google_rpc_ErrorInfo__Output } from './google/rpc/ErrorInfo.ts';
import type { Help__Input as _google_rpc_Help__Input, Help__Output as _google_rpc_Help__Output } from './google/rpc/Help.ts';
import type { LocalizedMessage__Input as _google_rpc_LocalizedMessage__Input, LocalizedMessage__Output as _google_rpc_LocalizedMessage__Output } from './google/rpc/LocalizedMessage.ts';
import type { PreconditionFailure__Input as _google_rpc_PreconditionFailure__Input, PreconditionFailure__Output as _google_rpc_PreconditionFailure__Output } from './google/rpc/PreconditionFailure.ts';
import type { QuotaFailure__Input as _google_rpc_QuotaFailure__Input, QuotaFailure__Output as _google_rpc_QuotaFailure__Output } from './google/rpc/QuotaFailure.ts';
import type { RequestInfo__Input as _google_rpc_RequestInfo__Input, RequestInfo__Output as _google_rpc_RequestInfo__Output } from './google/rpc/RequestInfo.ts';
import type { ResourceInfo__Input as _google_rpc_ResourceInfo__Input, ResourceInfo__Output as _google_rpc_ResourceInfo__Output } from './google/rpc/ResourceInfo.ts';
import type { RetryInfo__Input as _google_rpc_RetryInfo__Input, RetryInfo__Output as _google_rpc_RetryInfo__Output } from './google/rpc/RetryInfo.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_Duration__Input, _google_protobuf_Duration__Output>
    }
    rpc: {
      BadRequest: MessageTypeDefinition<_google_rpc_BadRequest__Input, _google_rpc_BadRequest__Output>
      DebugInfo: MessageTypeDefinition<_google_rpc_DebugInfo__Input, _google_rpc_DebugInfo__Output>
      ErrorInfo: MessageTypeDefinition<_google_rpc_ErrorInfo__Input, _google_rpc_ErrorInfo__Output>
      Help: MessageTypeDefinition<_google_rpc_Help__Input, _google_rpc_Help__Output>
      LocalizedMessage: MessageTypeDefinition<_google_rpc_LocalizedMessage__Input, _google_rpc_LocalizedMessage__Output>
      PreconditionFailure: MessageTypeDefinition<_google_rpc_PreconditionFailure__Input, _google_rpc_PreconditionFailure__Output>
      QuotaFailure: MessageTypeDefinition<_google_rpc_QuotaFailure__Input, _google_rpc_QuotaFailure__Output>
      RequestInfo: MessageTypeDefinition<_google_rpc_RequestInfo__Input, _google_rpc_RequestInfo__Output>
      ResourceInfo: MessageTypeDefinition<_google_rpc_ResourceInfo__Input, _google_rpc_ResourceInfo__Output>
      RetryInfo: MessageTypeDefinition<_google_rpc_RetryInfo__Input, _google_rpc_RetryInfo__Output>
    }
  }
}

