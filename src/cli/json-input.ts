import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { limits } from '../workflow/limits.ts';
import { CommandError } from './command-error.ts';

const stdin = 0;

/** The JSON object in a file; `-` is standard input. Throws CommandError when there is none. */
export function readJsonInput(file: string, cwd: string): object {
  const name = file === '-' ? 'standard input' : `--input ${file}`;
  let text: string;
  try {
    text = readFileSync(file === '-' ? stdin : resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new CommandError(`${name} cannot be read`, {
      cause,
      hint: cause instanceof Error ? cause.message : undefined,
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.requestBytesMax) {
    throw new CommandError(`${name} holds ${bytes} bytes, at most ${limits.requestBytesMax} can be sent`, {
      hint: 'give large texts as documents, with --docs or --corpus',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${name} is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandError(`${name} must be a JSON object`, {
      hint: '`orchestrator orchestrators --json` shows the schema of each input',
    });
  }
  return value;
}
