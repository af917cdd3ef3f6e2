import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { catalogServiceName, fileDescriptors, workflowServiceName } from './definition.ts';

const services = [
  workflowServiceName,
  catalogServiceName,
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

/**
 * Server reflection, v1 and v1alpha, of what is served. The package builds its files from proto-loader's definition,
 * which has lost the imports, so no client could describe a service. It gets the files as buf compiled them instead,
 * and hands them out byte by byte, comments and options included.
 */
export function addReflection(server: Server): void {
  const raw = fileDescriptors();
  // Only this member of a package definition is read.
  const image = { image: { fileDescriptorProtos: raw } } as unknown as PackageDefinition;
  const reflection = new ReflectionService(image, { services });
  const byName = new Map(raw.map((bytes) => [fileName(bytes), bytes]));
  for (const implementation of ['v1', 'v1Alpha']) {
    const encodings: unknown = Reflect.get(Object(Reflect.get(reflection, implementation)), 'fileEncodings');
    if (!(encodings instanceof Map)) throw new Error('@grpc/reflection no longer keeps fileEncodings');
    for (const [name, bytes] of byName) encodings.set(name, bytes);
  }
  reflection.addToServer(server);
}

/** `name` is field 1 of a FileDescriptorProto, and compilers write it first. */
function fileName(file: Uint8Array): string {
  const length = file[1] ?? 0;
  if (file[0] !== 0x0a || length >= 0x80) throw new Error('proto/descriptor.binpb: a file without a name');
  return Buffer.from(file.subarray(2, 2 + length)).toString('utf8');
}
