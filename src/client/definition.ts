import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ProtoGrpcType as CatalogProto } from '../gen/catalog_service.ts';
import type { ProtoGrpcType as DetailsProto } from '../gen/error_details.ts';
import type { ProtoGrpcType as StatusProto } from '../gen/status.ts';
import type { ProtoGrpcType as WorkflowProto } from '../gen/workflow_service.ts';

/** The folder of .proto files: beside src/ in the repository, beside dist/ in the package. */
const protoDir = fileURLToPath(new URL('../../proto', import.meta.url));

const loaded = loadSync(
  [
    'orchestrator/v1/workflow_service.proto',
    'orchestrator/v1/catalog_service.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  {
    // Must equal the options of the type generator (tools/proto-generate.mjs), or the types describe other objects.
    keepCase: false,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
    arrays: true,
    includeDirs: [protoDir],
  },
);

// The loader is untyped; the generator made these types from the same files with the same options.
const proto = loadPackageDefinition(loaded) as unknown as WorkflowProto &
  CatalogProto &
  DetailsProto &
  StatusProto;

export const workflowService = proto.orchestrator.v1.WorkflowService.service;
export const catalogService = proto.orchestrator.v1.CatalogService.service;
export const rpc = proto.google.rpc;
