import { workflowService } from '../../src/grpc/definition.ts';
import { limits } from '../../src/workflow/limits.ts';
import { type Attack, tally } from './attack.ts';
import { frameType } from './frame.ts';
import { RawConnection } from './raw-connection.ts';
import type { Target } from './target.ts';

/** What a connection that says nothing gets: the settings of the server, an end at once, or nothing at all. */
type Reception = 'held' | 'refused' | 'left hanging';

/** Connections on which nothing is ever said; the witness, which came before them, is served on. */
export const silentAttacks: readonly Attack[] = [
  {
    name: 'silent connections',
    run: async (target, { silent }) => {
      const connections: RawConnection[] = [];
      const receptions: Reception[] = [];
      try {
        while (receptions.length < silent) {
          const wave = Math.min(openedAtOnce, silent - receptions.length);
          const opened = await Promise.all(
            Array.from({ length: wave }, () => RawConnection.open(target.port)),
          );
          connections.push(...opened);
          receptions.push(...(await Promise.all(opened.map(reception))));
        }
        const held = receptions.filter((one) => one === 'held').length;
        const hanging = receptions.filter((one) => one === 'left hanging').length;
        const violations: string[] = [];
        if (hanging > 0) violations.push(`${hanging} connections got neither an answer nor an end`);
        if (held > limits.connectionsMax)
          violations.push(`${held} connections are held, ${limits.connectionsMax} are allowed`);
        const expected = Math.min(silent, limits.connectionsMax) - ownConnections;
        if (held < expected) violations.push(`only ${held} connections were held, ${expected} would fit`);
        if (
          silent > limits.connectionsMax &&
          (await reception(await RawConnection.open(target.port))) !== 'refused'
        )
          violations.push('one more connection than allowed was not refused');
        for (const connection of connections) connection.close();
        violations.push(...(await newcomer(target)));
        // Nobody else may have told the operator why clients are turned away.
        if (silent > limits.connectionsMax && target.daemon.lines(fullLine).length === 0)
          violations.push(`the daemon did not log "${fullLine}"`);
        return { sent: silent, outcome: tally(receptions), violations };
      } finally {
        for (const connection of connections) connection.close();
      }
    },
  },
];

const fullLine = 'gRPC listener is full; new connections are closed at once';
/** Fewer than the system lets stand in line for a server; it neither takes nor refuses the rest for a while. */
const openedAtOnce = 100;
/** Connections of the witness, of the sessions of the target and of those who left a moment ago. */
const ownConnections = 16;

async function reception(connection: RawConnection): Promise<Reception> {
  try {
    await connection.until(
      () => connection.closed || connection.count(frameType.settings) > 0,
      'a reception',
    );
    return connection.closed ? 'refused' : 'held';
  } catch {
    return 'left hanging';
  }
}

/** Once the silent ones are gone, whoever comes is served. */
async function newcomer(target: Target): Promise<readonly string[]> {
  const session = target.connect();
  try {
    const [workflowId] = target.workflowIds;
    await session.call(workflowService.GetWorkflow, { workflowId });
    return [];
  } catch (error) {
    return [`a newcomer was not served: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    session.close();
  }
}
