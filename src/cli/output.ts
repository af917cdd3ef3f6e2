import { styleText } from 'node:util';
import type { TextSink } from './cli-deps.ts';
import { printableLine, printableText } from './printable-text.ts';
import { wireJson } from './wire-json.ts';

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Colours a text, or leaves it as it is. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** How a command talks: results to stdout, everything else to stderr. */
export class Output {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly paint: Paint;

  constructor(stdout: TextSink, stderr: TextSink, { json, quiet, color }: OutputOptions) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.json = json;
    this.quiet = quiet;
    this.paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  }

  /** Whether frames may be redrawn: a person watches a terminal and wants to. */
  get live(): boolean {
    return this.stdout.isTTY === true && !this.json && !this.quiet;
  }

  /** One JSON value on one line; the only thing a command prints to stdout with --json. */
  value(value: unknown): void {
    this.stdout.write(`${escapeControls(JSON.stringify(wireJson(value)))}\n`);
  }

  /** A text of ours or with untrusted parts, made printable. */
  text(text: string): void {
    this.stdout.write(`${printableText(text)}\n`);
  }

  /** A line whose untrusted parts are printable already and that may be coloured. */
  painted(line: string): void {
    this.stdout.write(`${line}\n`);
  }

  /** News for people on stderr: dropped by --quiet and --json. */
  note(text: string): void {
    if (!this.quiet && !this.json) this.stderr.write(`${printableText(text)}\n`);
  }

  /** A problem, on stderr; as JSON with --json. */
  problem(problem: Problem): void {
    if (this.json) {
      const { headline: _, ...told } = problem;
      this.stderr.write(`${escapeControls(JSON.stringify({ error: wireJson(told) }))}\n`);
      return;
    }
    const violations = problem.violations ?? [];
    // The message of a refusal repeats its fields.
    const headline = violations.length > 0 && problem.headline ? problem.headline : problem.message;
    const lines = [
      `${this.paint('red', 'error:')} ${printableLine(headline)}`,
      ...violations.map(
        ({ field, description }) => `  ${printableLine(field)}: ${printableLine(description)}`,
      ),
      ...(problem.hint === undefined ? [] : [printableText(problem.hint)]),
    ];
    this.stderr.write(`${lines.join('\n')}\n`);
  }
}

export interface Problem {
  /** Name of a gRPC code, or of ours: USAGE, CONFIGURATION, UNREACHABLE, COMMAND. */
  readonly code: string;
  readonly reason?: string | undefined;
  readonly message: string;
  /** Stands for the message where the violations are listed below it. */
  readonly headline?: string | undefined;
  readonly violations?: readonly { readonly field: string; readonly description: string }[] | undefined;
  /** What to do now. */
  readonly hint?: string | undefined;
}

/** JSON leaves DEL, C1 controls and marks of direction as they are; as escapes they mean the same and do nothing. */
function escapeControls(json: string): string {
  return json.replaceAll(
    /[\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
