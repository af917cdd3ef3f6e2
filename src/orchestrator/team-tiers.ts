import { limits } from '../workflow/limits.ts';

// Which syntheses a research run gets, from nothing but who succeeded. Ids go in, ids come out.

export const plannerId = 'planner';
export const executiveId = 'executive';
export const finalId = 'final';

/** The rules ask for the same few ids after every append. */
const researcherIds = Array.from({ length: limits.agentsMax }, (_, index) => `researcher/${index}`);

export const researcherId = (index: number): string => researcherIds[index] ?? `researcher/${index}`;
export const synthesizerId = (group: number): string => `synthesizer/${group}`;

export interface TierFlags {
  readonly enableDrummer: boolean;
  readonly enableCamina: boolean;
}

/** A group of findings and what became of its synthesis. */
export interface Group {
  readonly agentId: string;
  readonly memberIds: readonly string[];
}

/** The call whose text is the report's body. */
export interface FinalCall {
  readonly agentId: string;
  /** `group`: the only group's synthesis, which is there already. */
  readonly level: 'group' | 'executive' | 'final';
  /** Group syntheses and findings in order of the researchers. */
  readonly inputAgentIds: readonly string[];
  /** Those of the inputs that are findings whose group synthesizer failed. */
  readonly unsynthesisedIds: readonly string[];
}

/**
 * Groups of `limits.synthesisGroupSize` in the order given; none below one full group or without drummers. A last group
 * of one joins the group before it, because there is nothing to cross-check in a group of one.
 */
export function groupsOf(successfulIds: readonly string[], enableDrummer: boolean): readonly Group[] {
  const size = limits.synthesisGroupSize;
  if (!enableDrummer || successfulIds.length < size) return [];
  const members: string[][] = [];
  for (let start = 0; start < successfulIds.length; start += size) {
    members.push(successfulIds.slice(start, start + size));
  }
  const last = members.at(-1);
  if (last?.length === 1) {
    members.pop();
    members.at(-1)?.push(...last);
  }
  return members.map((memberIds, index) => ({ agentId: synthesizerId(index), memberIds }));
}

/**
 * The final call once every group synthesizer has ended: the executive where there is something to weigh, else the only
 * group's synthesis, else one `final` agent over what there is. A failed group counts with its findings.
 */
export function finalCallOf(
  successfulIds: readonly string[],
  groups: readonly Group[],
  synthesised: (groupAgentId: string) => boolean,
  flags: TierFlags,
): FinalCall {
  const there = groups.filter((group) => synthesised(group.agentId));
  const unsynthesisedIds = groups
    .filter((group) => !synthesised(group.agentId))
    .flatMap((group) => group.memberIds);
  const inputAgentIds =
    groups.length === 0
      ? successfulIds
      : groups.flatMap((group) => (synthesised(group.agentId) ? [group.agentId] : group.memberIds));
  const executive =
    flags.enableCamina && (there.length >= 2 || (!flags.enableDrummer && successfulIds.length >= 2));
  if (executive) return { agentId: executiveId, level: 'executive', inputAgentIds, unsynthesisedIds };
  const [only] = there;
  if (only && groups.length === 1) {
    return { agentId: only.agentId, level: 'group', inputAgentIds: only.memberIds, unsynthesisedIds };
  }
  return { agentId: finalId, level: 'final', inputAgentIds, unsynthesisedIds };
}

/** How many groups there are, and whether a call of its own follows them, when every one of `researchers` succeeds. */
export function expectedTiers(
  researchers: number,
  flags: TierFlags,
): { readonly groups: number; readonly last: 0 | 1 } {
  const size = limits.synthesisGroupSize;
  const rest = researchers % size;
  // A rest of one joins the group before it.
  const groups =
    !flags.enableDrummer || researchers < size ? 0 : Math.floor(researchers / size) + (rest > 1 ? 1 : 0);
  return { groups, last: groups === 1 ? 0 : 1 };
}
