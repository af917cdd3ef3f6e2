/** Fields of a log line, snake_case. An Error under `error` is written with type, message, stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes structured lines about the process. Never throws, never blocks on a reader. */
export interface Logger {
  /** Whether debug lines are written; asking costs less than making one that is not. */
  readonly debugs: boolean;
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Writes nothing. */
export const silentLogger: Logger = {
  debugs: false,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
