import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { emptyReport, type CampaignPlan, type CampaignReport } from './campaign.ts';

const entry = fileURLToPath(new URL('./campaign-process.ts', import.meta.url));

/** A mutant that runs in a circle without letting anything happen is stopped after this time: that is noticed too. */
const mutantMsMax = 90_000;

/** Runs a part of a campaign in a process of its own, with a mutant's sources if one is named. */
export function campaignChild(plan: CampaignPlan, mutant?: string): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [JSON.stringify(plan), ...(mutant === undefined ? [] : [mutant])], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      // Not the parent's: a test runner's flags would make a test of it.
      execArgv: [],
      ...(mutant !== undefined && { timeout: mutantMsMax, killSignal: 'SIGKILL' }),
    });
    let report: CampaignReport | undefined;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('message', (message) => (report = message as CampaignReport));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (report) resolve(report);
      else if (mutant !== undefined && child.killed) resolve(stuckReport(plan));
      else reject(new Error(`the simulation's process ended with ${code}: ${errors}`));
    });
  });
}

/** What is known of a mutant that had to be stopped. */
function stuckReport({ from }: CampaignPlan): CampaignReport {
  const violation = `liveness: the process does not come to an end within ${mutantMsMax} ms`;
  return { ...emptyReport(), failed: [{ seed: from, violation }], seconds: mutantMsMax / 1_000 };
}
