import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditDatabase } from '../../src/store/sqlite-audit.ts';
import { findingText } from '../../src/workflow/finding.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** For a verification that never ends. */
const verifyMs = 60_000;

/** The store in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'orchestrator.db');
}

/** What `orchestrator verify` would say of the store in a data folder, as violations; in this process, for it is asked often. */
export function problemsOf(dataDir: string): readonly string[] {
  const { findings, problems } = auditDatabase(storePath(dataDir));
  const told = findings.map((finding) => `verify: ${findingText(finding)}`);
  return problems > told.length ? [...told, `verify: ${problems} problems in all`] : told;
}

export interface Verified {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command itself, as a process of its own. */
export function verifyCommand(...argv: readonly string[]): Promise<Verified> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    const options = { env, timeout: verifyMs };
    execFile(process.execPath, [main, 'verify', ...argv], options, (error, stdout, stderr) => {
      // A number is the exit code; anything else means that it did not exit by itself.
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

/** What the command finds at the end of a harness; empty: it said that the store is sound. */
export async function verifyViolations(dataDir: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await verifyCommand(dataDir);
  return code === 0 ? [] : [`orchestrator verify ended with ${code}: ${stdout}${stderr}`];
}
