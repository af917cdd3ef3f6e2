import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Daemon, temporaryFolder } from '../test/e2e/daemon.ts';
import { Session } from '../test/e2e/session.ts';
import { ProviderSimulator } from '../test/simulator/provider-simulator.ts';
import type { Figure } from './figure.ts';

const workflows = 500;
const firstStepSeconds = 0.5;
const allSeconds = 1;
const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const command = fileURLToPath(new URL('../bin/orchestrator.js', import.meta.url));

/**
 * A daemon as it is installed, killed with every workflow in a call that never ends, and started again at once. A step
 * is a request that has arrived at the model's endpoint.
 */
export async function restart(): Promise<Figure[]> {
  if (!existsSync(built))
    throw new Error('the restart is measured on the built program: run `npm run build`');
  const folder = await temporaryFolder();
  const simulator = await ProviderSimulator.start();
  let daemon: Daemon | undefined;
  try {
    simulator.otherwise({ kind: 'hang', at: 'before headers' });
    const options = {
      dataDir: folder.path,
      entry: command,
      env: {
        XAI_BASE_URL: simulator.baseUrl,
        XAI_API_KEY: 'bench-key',
        ORCHESTRATOR_MAX_LIVE_WORKFLOWS: String(workflows),
        ORCHESTRATOR_LOG_LEVEL: 'info',
      },
    };
    daemon = await Daemon.start(options);
    const session = new Session(daemon.address);
    for (let index = 0; index < workflows; index++)
      await session.start({ task: `Question number ${index}`, numAgents: 8 });
    await simulator.ledger.arrived(workflows);
    session.close();
    await daemon.kill();

    const before = simulator.ledger.entries.length;
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1_000;
    const first = simulator.ledger.arrived(before + 1).then(seconds);
    const all = simulator.ledger.arrived(before + workflows).then(seconds);
    daemon = await Daemon.start(options);
    return [
      {
        name: `kill -9 with ${workflows} in flight, start to the first step`,
        value: await first,
        unit: 's',
        reach: { value: firstStepSeconds, atMost: true },
      },
      {
        name: `kill -9 with ${workflows} in flight, start to all of them running`,
        value: await all,
        unit: 's',
        reach: { value: allSeconds, atMost: true },
      },
    ];
  } finally {
    await daemon?.kill();
    await simulator.stop();
    await folder.remove();
  }
}
