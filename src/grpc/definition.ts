import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType as CatalogProto } from '../gen/catalog_service.ts';
import type { ProtoGrpcType as DetailsProto } from '../gen/error_details.ts';
import type { WatchWorkflowResponse__Input } from '../gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { ProtoGrpcType as StatusProto } from '../gen/status.ts';
import type { ProtoGrpcType as WorkflowProto } from '../gen/workflow_service.ts';
import { MessageEncoders } from './message-encoder.ts';

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

const servedPackage = 'orchestrator.v1';
const encoders = new MessageEncoders(loaded);

/** The same with our encoders for what its services send. */
function encoding(definition: PackageDefinition): PackageDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, member]) => {
      if (!isService(member)) return [name, member];
      const methods = Object.entries(member).map(([method, { responseType, ...rest }]) => {
        const type: unknown = Reflect.get(responseType.type, 'name');
        const responseSerialize = encoders.serializer(`${servedPackage}.${String(type)}`);
        return [method, { ...rest, responseType, responseSerialize }];
      });
      return [name, Object.fromEntries(methods)];
    }),
  );
}

function isService(member: PackageDefinition[string]): member is ServiceDefinition {
  return !('format' in member);
}

// The loader is untyped; the generator made these types from the same files with the same options, and proto:check
// refuses a difference.
const proto = loadPackageDefinition(encoding(loaded)) as unknown as WorkflowProto &
  CatalogProto &
  DetailsProto &
  StatusProto;

/** For events by themselves, of which a reply is put together. */
export const eventsEncoder = encoders.of<WatchWorkflowResponse__Input>(
  `${servedPackage}.WatchWorkflowResponse`,
);

export const workflowService = proto.orchestrator.v1.WorkflowService.service;
export const catalogService = proto.orchestrator.v1.CatalogService.service;
export const rpc = proto.google.rpc;

export const workflowServiceName = 'orchestrator.v1.WorkflowService';
export const catalogServiceName = 'orchestrator.v1.CatalogService';

/** The FileDescriptorProtos of everything served, comments included, as `buf build` wrote them. */
export function fileDescriptors(): Uint8Array[] {
  return membersOf(readFileSync(`${protoDir}/descriptor.binpb`));
}

/** The elements of a FileDescriptorSet: nothing but a repeated message with field number 1. */
function membersOf(set: Uint8Array): Uint8Array[] {
  const members: Uint8Array[] = [];
  let position = 0;
  while (position < set.length) {
    if (set[position] !== 0x0a)
      throw new Error(`proto/descriptor.binpb: no file descriptor at byte ${position}`);
    position++;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set[position++] ?? 0;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    members.push(set.subarray(position, position + length));
    position += length;
  }
  return members;
}
