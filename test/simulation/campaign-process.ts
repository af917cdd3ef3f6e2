import type { CampaignPlan } from './campaign.ts';
import { mutants } from './mutants.ts';
import { mutate } from './mutant.ts';

// A process of its own for a part of the seeds: on another core, and where mutated sources harm nobody else.

const [planText, mutantName] = process.argv.slice(2);
const plan = JSON.parse(planText ?? '') as CampaignPlan;
if (mutantName !== undefined) {
  const mutant = mutants.find(({ name }) => name === mutantName);
  if (!mutant) throw new Error(`there is no mutant "${mutantName}"`);
  mutate(mutant);
}
// Only now, so that the mutant's sources are the ones that are loaded.
const { lifeOver, runCampaign } = await import('./campaign.ts');
const report = await runCampaign(plan, () => process.send?.(lifeOver));
process.send?.(report);
