import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { emptyReport, lifeOver, type CampaignPlan, type CampaignReport } from './campaign.ts';

const entry = fileURLToPath(new URL('./campaign-process.ts', import.meta.url));

/** A mutant that runs in a circle, so that one life takes longer than this, is stopped: that is noticed too. */
const mutantLifeMsMax = 60_000;

/** Runs a part of a campaign in a process of its own, with a mutant's sources if one is named. */
export function campaignChild(plan: CampaignPlan, mutant?: string): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [JSON.stringify(plan), ...(mutant === undefined ? [] : [mutant])], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      // Not the parent's: a test runner's flags would make a test of it.
      execArgv: [],
    });
    let report: CampaignReport | undefined;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    // However long all lives take on a slow machine: only one that does not end is stuck.
    const watch = (): NodeJS.Timeout | undefined =>
      mutant === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), mutantLifeMsMax);
    let patience = watch();
    child.on('message', (message) => {
      clearTimeout(patience);
      if (message === lifeOver) patience = watch();
      else report = message as CampaignReport;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(patience);
      if (report) resolve(report);
      else if (mutant !== undefined && child.killed) resolve(stuckReport(plan));
      else reject(new Error(`the simulation's process ended with ${code}: ${errors}`));
    });
  });
}

/** What is known of a mutant that had to be stopped. */
function stuckReport({ from }: CampaignPlan): CampaignReport {
  const violation = `liveness: the process does not come to an end within ${mutantLifeMsMax} ms`;
  return { ...emptyReport(), failed: [{ seed: from, violation }], seconds: mutantLifeMsMax / 1_000 };
}
