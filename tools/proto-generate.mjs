// Writes everything that is derived from proto/: the TypeScript types and the descriptor set.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const typesDir = join(root, 'src/gen');
export const descriptorFile = join(root, 'proto/descriptor.binpb');

const programs = {
  buf: join(root, 'node_modules/@bufbuild/buf/bin/buf'),
  'proto-loader-gen-types': join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
};

/** Runs an installed program in the repository root; true when it succeeded. Its output goes to the terminal. */
export function run(program, args) {
  const { status, error } = spawnSync(process.execPath, [programs[program], ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  return status === 0;
}

/** Replaces `types` (a directory) and `descriptor` (a file) by what proto/ says now. */
export function generate(types, descriptor) {
  const services = readdirSync(join(root, 'proto/orchestrator/v1'))
    .filter((name) => name.endsWith('_service.proto'))
    .toSorted()
    .map((name) => `orchestrator/v1/${name}`);
  if (services.length === 0) throw new Error('proto/orchestrator/v1 holds no *_service.proto');

  // A type whose message is gone must go too.
  rmSync(types, { recursive: true, force: true });
  // The options of proto-loader at run time must equal these, or the types describe other objects.
  const written = run('proto-loader-gen-types', [
    '--longs=String',
    '--enums=String',
    '--defaults',
    '--oneofs',
    '--arrays',
    '--bytes=Buffer',
    '--includeComments',
    '--targetFileExtension=.ts',
    '--importFileExtension=.ts',
    '--inputTemplate=%s__Input',
    '--outputTemplate=%s__Output',
    '--includeDirs=proto',
    `--outDir=${types}`,
    '--grpcLib=@grpc/grpc-js',
    ...services,
    // Details of errors travel as bytes, so no service refers to them.
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ]);
  if (!written) throw new Error('proto-loader-gen-types failed');
  if (!run('buf', ['build', '-o', descriptor, '--as-file-descriptor-set']))
    throw new Error('buf build failed');
}

if (import.meta.main) generate(typesDir, descriptorFile);
