import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TaskRegistry } from '../../src/engine/task-registry.ts';

test('a registry answers as a map does, whatever is set and deleted', () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    value: fc.option(fc.integer(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const registry = new TaskRegistry<number>();
      const map = new Map<string, number>();
      for (const { id, value } of steps) {
        if (value === undefined) {
          registry.delete(id);
          map.delete(id);
        } else {
          registry.set(id, value);
          map.set(id, value);
        }
        assert.equal(registry.size, map.size);
        assert.equal(registry.has(id), map.has(id));
        assert.equal(registry.get(id), map.get(id));
        assert.deepEqual([...registry.values()], [...map.values()]);
      }
    }),
  );
});
