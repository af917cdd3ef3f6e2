import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fileDescriptors } from '../../src/grpc/definition.ts';

const protoDir = fileURLToPath(new URL('../../proto/', import.meta.url));

/** What generators of other languages need; without `go_package` protoc-gen-go refuses. */
const options = {
  csharp_namespace: '"McpOrchestrator.V1"',
  go_package: '"mcp-orchestrator/gen/go/orchestrator/v1;orchestratorv1"',
  java_multiple_files: 'true',
  java_package: '"io.mcporchestrator.v1"',
};

describe('the .proto files of the product', () => {
  const names = globSync('orchestrator/v1/*.proto', { cwd: protoDir });

  test('each says where the code that other languages generate from it belongs', () => {
    assert.ok(names.length >= 4);
    for (const name of names) {
      const text = readFileSync(`${protoDir}${name}`, 'utf8');
      const found = [...text.matchAll(/^option (\w+) = (.+);$/gm)].map(([, option, value]) => [
        option,
        value,
      ]);
      assert.deepEqual(Object.fromEntries(found), options, name);
    }
  });

  test('the served descriptors say so too', () => {
    const goPackage = options.go_package.slice(1, -1);
    const served = fileDescriptors().filter((bytes) => Buffer.from(bytes).includes(goPackage));
    assert.equal(served.length, names.length);
  });
});
