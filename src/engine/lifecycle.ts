/** The chart of the machine that runs, for people and programs. */
export interface Lifecycle {
  readonly states: readonly {
    readonly name: string;
    readonly description: string;
    readonly terminal: boolean;
  }[];
  /** Event types of the log that move a workflow, by source and target state. */
  readonly transitions: readonly {
    readonly source: string;
    readonly event: string;
    readonly target: string;
  }[];
  /** The same as a Mermaid state diagram. */
  readonly mermaid: string;
}
