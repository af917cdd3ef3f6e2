/** Every misfortune the world knows. One that never happens in thousands of lives is a hole in the simulation. */
export const faultPoints = [
  'store: unavailable, nothing done',
  'store: done, but the caller is told that it failed',
  'store: done after the caller was told that it failed',
  'store: slow answer',
  'store: append delivered twice, first answer',
  'store: append delivered twice, second answer',
  'store: sent by a node that died before it arrived',
  'store: a read fails',
  'store: a claim fails',
  'lease: refused while the holder lives',
  'lease: taken over from a node that sleeps',
  'lease: taken over from a node that is cut off',
  'lease: taken over from a node that died',
  'lease: taken over after it was given back',
  'fence: an append of a former owner is refused',
  'fence: a former owner makes a call it had recorded',
  'append: recognised as a duplicate',
  'append: refused after the end',
  'start: the request id is known to the append',
  'start: the request id is known before the append',
  'start: the request id was used with another body',
  'start: refused because the line is full',
  'start: retried by its caller',
  'node: crash',
  'node: crash between an append and its acknowledgement',
  'node: crash as a request leaves',
  'node: crash with calls in flight',
  'node: cannot start because the store fails',
  'node: pause',
  'node: cut off from the store',
  'node: wall clock steps forward',
  'node: wall clock steps back',
  'node: everything sleeps',
  'node: drained',
  'node: drained while calls ignore the abort',
  'node: shut down with cancel',
  'provider: rate_limited',
  'provider: overloaded',
  'provider: connection',
  'provider: timeout',
  'provider: malformed',
  'provider: truncated',
  'provider: refused',
  'provider: rejected',
  'provider: authentication',
  'provider: unconfigured',
  'provider: aborted although nobody asked',
  'provider: throws something else',
  'provider: a failure reports usage',
  'provider: hangs until aborted',
  'provider: ignores the abort',
  'provider: answers after the abort',
  'provider: writes after the abort',
  'provider: writes after its answer',
  'provider: reports no usage',
  'provider: reports more usage than was reserved',
  'provider: reports its own cost',
  'provider: plan that is none',
  'provider: plan that is short',
  'provider: plan of types that are not allowed',
  'provider: finds nothing out',
  'provider: empty text',
  'provider: lone surrogate',
  'provider: huge text',
  'provider: unknown citations',
  'provider: the price is not known any more',
  'provider: an outage',
  'gate: waits for a breaker',
  'gate: waits for a rate limit',
  'gate: a probe',
  'gate: another provider is called',
  'gate: a permit goes back',
  'gate: an attempt was kept waiting',
  'provider: asks for tools',
  'provider: asks for tools it was not offered',
  'tools: asked for what must be refused',
  'tools: hangs',
  'tools: ignores the abort',
  'tools: its server ends',
  'tools: throws something else',
  'tools: says that it failed',
  'tools: huge output',
  'tools: a call is made again after a crash',
  'node: crash while a tool works',
  'renderer: fails',
  'client: cancel',
  'client: second cancel gets the same receipt',
  'client: pause',
  'client: resume',
  'client: conclude',
  'client: conclude is refused',
  'client: delete',
  'client: delete is refused',
  'client: validate',
  'delete: removes a finished workflow',
  'money: the store refuses what is over the cap of the day',
  'money: a workflow meets the cap of its day',
  'conclude: asked by a caller',
  'conclude: for the deadline',
  'conclude: for the budget',
  'conclude: aborts work after the grace',
  'conclude: completes without its final text',
  'conclude: completes with less than the whole',
  'client: wait',
  'client: list',
  'client: get',
  'client: watcher changes node',
  'client: hears an agent write',
  'client: is told that an attempt is rolled back',
  'client: a watched workflow is evicted',
  'retention: evicts by count',
  'retention: evicts by age',
] as const;

export type FaultPoint = (typeof faultPoints)[number];

/** How often something happened, by name. */
export type Tally = Record<string, number>;

export function addTally(into: Tally, from: Tally): void {
  for (const [name, count] of Object.entries(from)) into[name] = (into[name] ?? 0) + count;
}

/** What one life has met. */
export class Coverage {
  readonly faults: Tally = {};
  readonly events: Tally = {};
  readonly transitions: Tally = {};

  fault(point: FaultPoint): void {
    this.faults[point] = (this.faults[point] ?? 0) + 1;
  }

  event(type: string): void {
    this.events[type] = (this.events[type] ?? 0) + 1;
  }

  transition(source: string, event: string): void {
    const name = `${source} ${event}`;
    this.transitions[name] = (this.transitions[name] ?? 0) + 1;
  }
}
