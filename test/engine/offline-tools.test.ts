import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OfflineProvider } from '../../src/provider/offline-provider.ts';
import { argumentCheck } from '../../src/tool/argument-check.ts';
import { DocumentsTool } from '../../src/tool/documents-tool.ts';
import { FullTextLibrary } from '../../src/tool/full-text-library.ts';
import { Toolbox } from '../../src/tool/toolbox.ts';
import { assertSound, Harness } from './harness.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

class OfflineCatalog extends ScriptedCatalog {
  readonly #provider = new OfflineProvider();

  override open(): OfflineProvider {
    return this.#provider;
  }
}

const filler = 'Water moves without end along every coast of the world. '.repeat(20);
const documents = [
  {
    name: 'tides.md',
    text: `# Tides\n\nDurable workflows survive crashes because of their log.\n\n${filler}\n\n# Leases\n\nA lease fences the former owner of a workflow.\n\n${filler}`,
  },
];

test('without any model a researcher searches the documents, reads on and cites, the same each time', async () => {
  const reports: string[] = [];
  for (let round = 0; round < 2; round++) {
    const harness = await Harness.started({
      catalog: new OfflineCatalog(),
      library: new FullTextLibrary({}),
      tools: new Toolbox([new DocumentsTool()], { researcher: ['documents.*'] }, argumentCheck),
    });
    const key = await harness.research(
      { numAgents: 2, task: 'How do durable workflows survive crashes with a lease?' },
      { documents },
    );
    const state = await harness.end(key);
    assert.equal(state.status, 'completed', state.error?.message ?? '');
    assertSound(await harness.log(key));
    const started = await harness.eventsOf(key, 'tool_call_started');
    assert.deepEqual(
      started.filter(({ agentId }) => agentId === 'researcher/0').map(({ tool }) => tool),
      ['documents.search', 'documents.read'],
    );
    const ended = await harness.eventsOf(key, 'tool_call_ended');
    assert.ok(ended.every(({ result }) => result === 'ok'));
    const researcher = state.agents.get('researcher/0');
    assert.ok((researcher?.completion?.citations.length ?? 0) > 0);
    reports.push(
      JSON.stringify([...state.agents.values()].map(({ turns }) => turns.map(({ output }) => output))),
    );
    await harness.stop();
  }
  assert.equal(reports[0], reports[1]);
});
