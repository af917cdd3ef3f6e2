import { createRequire } from 'node:module';
import { pino, stdTimeFunctions } from 'pino';
import type * as PinoPretty from 'pino-pretty';
import { redact } from '../workflow/redaction.ts';
import { limits } from '../workflow/limits.ts';
import type { LogFields, Logger } from '../workflow/logger.ts';
import { errorRecord } from './error-record.ts';

/** Where lines go; each write is one whole line. */
export interface LogStream {
  write(line: string): unknown;
  readonly isTTY?: boolean;
}

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: pretty when the stream is a terminal, else json. */
  readonly format: 'json' | 'pretty' | 'auto';
  /** Default: standard error, written synchronously, so that the last line before a crash is there. */
  readonly stream?: LogStream;
  /** Fields of whatever is going on right now (request_id, trace_id, span_id); a line's own fields win. */
  readonly context?: () => LogFields;
  /** Values that must never be written, whatever they look like; see `redact`. */
  readonly secrets?: readonly string[];
}

/**
 * A logger of JSON lines (time in ISO 8601 UTC, level, message, fields), or of readable ones in a terminal. Everything
 * that looks like a credential is replaced in the finished line, so no field, message or stack escapes it.
 */
export function createLogger(options: LoggerOptions): Logger {
  const stream = options.stream ?? standardError();
  const pretty = options.format === 'pretty' || (options.format === 'auto' && stream.isTTY === true);
  const render = pretty
    ? prettyPrinter()({
        colorize: stream.isTTY === true,
        messageKey: 'message',
        timestampKey: 'time',
        levelKey: 'level',
      })
    : (line: string): string => line;
  const { context, secrets = [] } = options;
  /** Secrets go before the rest is cut, because half a secret would not be recognised in the finished line. */
  const cut = (text: string): string =>
    text.length <= limits.logStringCharsMax
      ? text.toWellFormed()
      : redact(text, secrets).slice(0, limits.logStringCharsMax).toWellFormed();
  const recordOf = (value: unknown): unknown => (value instanceof Error ? errorRecord(value, cut) : value);
  const log = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }), log: (fields) => bounded(fields, cut) },
      serializers: { error: recordOf, err: recordOf },
      ...(context === undefined ? {} : { mixin: () => ({ ...context() }), mixinMergeStrategy: ownFieldsWin }),
    },
    { write: (line: string): void => void stream.write(render(redact(line, secrets))) },
  );
  return {
    debugs: log.isLevelEnabled('debug'),
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

/** Loaded for the reader of a terminal only. */
function prettyPrinter(): typeof PinoPretty.prettyFactory {
  const load = createRequire(import.meta.url);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package's own types
  return (load('pino-pretty') as typeof PinoPretty).prettyFactory;
}

/** pino's own stream survives a reader that went away, where `process.stderr` would raise. */
function standardError(): LogStream {
  const stream = pino.destination({ fd: process.stderr.fd, sync: true });
  return { write: (line) => stream.write(line), isTTY: process.stderr.isTTY };
}

function bounded(fields: Record<string, unknown>, cut: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
  );
}

function ownFieldsWin(fields: object, context: object): object {
  return { ...context, ...fields };
}
