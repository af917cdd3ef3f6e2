import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CampaignPlan, CampaignReport } from './campaign.ts';

const entry = fileURLToPath(new URL('./campaign-process.ts', import.meta.url));

/** Runs a part of a campaign in a process of its own, with a mutant's sources if one is named. */
export function campaignChild(plan: CampaignPlan, mutant?: string): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [JSON.stringify(plan), ...(mutant === undefined ? [] : [mutant])], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let report: CampaignReport | undefined;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('message', (message) => (report = message as CampaignReport));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (report) resolve(report);
      else reject(new Error(`the simulation's process ended with ${code}: ${errors}`));
    });
  });
}
