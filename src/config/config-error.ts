/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** Environment variable, flag or path in the YAML file. */
  readonly name: string;
  /** What is wrong; never holds a secret. */
  readonly message: string;
  /** A good value, or the name that was probably meant. */
  readonly example: string;
}

/** The configuration cannot be used. Lists every problem, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map(({ name, message, example }) => `  ${name}: ${message} (example: ${example})`);
    super(`The configuration has ${count}:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
