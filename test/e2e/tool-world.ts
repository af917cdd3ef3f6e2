import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entry } from '../simulator/ledger.ts';
import { temporaryFolder } from './daemon.ts';
import { World } from './world.ts';

const fakeServer = fileURLToPath(new URL('../tool/mcp-fake-stdio.ts', import.meta.url));
const filesystemServer = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', import.meta.url),
);

/** A daemon whose researchers may use tools of two servers: the official filesystem server and our fake. */
export class ToolWorld {
  readonly world: World;
  /** The folder the filesystem server may read. */
  readonly files: string;
  /** Where the fake writes down what it has executed. */
  readonly #ledger: string;
  readonly #remove: () => Promise<void>;

  private constructor(world: World, folder: string, remove: () => Promise<void>) {
    this.world = world;
    this.files = join(folder, 'files');
    this.#ledger = join(folder, 'ledger.txt');
    this.#remove = remove;
  }

  static async open(agentTools: string, files: Readonly<Record<string, string>> = {}): Promise<ToolWorld> {
    const folder = await temporaryFolder();
    const { path } = folder;
    await mkdir(join(path, 'files'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, 'files', name), text);
    const config = join(path, 'orchestrator.yaml');
    const node = JSON.stringify(process.execPath);
    await writeFile(
      config,
      `tool_servers:
  files: { command: ${node}, args: [${JSON.stringify(filesystemServer)}, ${JSON.stringify(join(path, 'files'))}] }
  fake:
    command: ${node}
    args: [${JSON.stringify(fakeServer)}]
    env: { FAKE_LEDGER: ${JSON.stringify(join(path, 'ledger.txt'))} }
agent_tools: ${agentTools}
`,
    );
    return new ToolWorld(await World.open({ ORCHESTRATOR_CONFIG: config }), path, () => folder.remove());
  }

  /** What the fake has executed: `tool text`, in order. */
  get executed(): readonly string[] {
    if (!existsSync(this.#ledger)) return [];
    return readFileSync(this.#ledger, 'utf8').split('\n').slice(0, -1);
  }

  /** Processes that a process has started and that live, with their command lines. */
  static childrenOf(pid: number): readonly { readonly pid: number; readonly command: string }[] {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        if (parent !== pid) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), command }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
  }

  async close(): Promise<void> {
    try {
      await this.world.close();
    } finally {
      await this.#remove();
    }
  }
}

interface Said {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly unknown[];
}

/** The messages of a request, as they came over the wire. */
export function messagesOf(entry: Entry): readonly Said[] {
  return (entry.body as { messages: readonly Said[] }).messages;
}

/** Names of the tools a request offers. */
export function offeredBy(entry: Entry): readonly string[] {
  const { tools = [] } = entry.body as { tools?: readonly { function: { name: string } }[] };
  return tools.map((tool) => tool.function.name);
}

/** The turn in `<workflow>/<agent>/<turn>/<attempt>`. */
export function turnOf({ attemptId }: Entry): number {
  return Number(attemptId.split('/').at(-2));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
