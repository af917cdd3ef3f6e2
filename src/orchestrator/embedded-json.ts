import { limits } from '../workflow/limits.ts';

/** Starts of JSON tried in prose; each costs one pass over the text. */
const candidatesMax = 8;

/** The value of a text that is JSON; undefined when it is none or nests too deeply. Never throws. */
export function parsedJson(text: string): unknown {
  if (depthOf(text) > limits.answerJsonDepthMax) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller goes on with the next form an answer may have.
    return undefined;
  }
}

/** Stretches of a text that look like JSON: inside a fence or between sentences. */
export function* embeddedJson(text: string): Generator<string> {
  let tried = 0;
  for (let start = nextOpening(text, 0); start >= 0 && tried < candidatesMax; tried++) {
    const end = closingOf(text, start);
    if (end === tooDeep) return;
    if (end >= 0) yield text.slice(start, end + 1);
    start = nextOpening(text, end < 0 ? start + 1 : end + 1);
  }
}

function nextOpening(text: string, from: number): number {
  const object = text.indexOf('{', from);
  const array = text.indexOf('[', from);
  if (object < 0) return array;
  return array < 0 ? object : Math.min(object, array);
}

const tooDeep = -2;

/** The index of the bracket that closes the one at `start`, or -1, or `tooDeep`; brackets inside strings do not count. */
function closingOf(text: string, start: number): number {
  let end = -1;
  walkBrackets(text, start, (depth, index) => {
    if (depth === 0) end = index;
    else if (depth > limits.answerJsonDepthMax) end = tooDeep;
    return depth > 0 && end !== tooDeep;
  });
  return end;
}

function depthOf(text: string): number {
  let deepest = 0;
  walkBrackets(text, 0, (depth) => {
    deepest = Math.max(deepest, depth);
    return deepest <= limits.answerJsonDepthMax;
  });
  return deepest;
}

/** Calls `visit` with the depth after each bracket outside strings, until it answers false. */
function walkBrackets(text: string, start: number, visit: (depth: number, index: number) => boolean): void {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === '"') {
      index = endOfString(text, index);
    } else if (char === '{' || char === '[') {
      if (!visit(++depth, index)) return;
    } else if ((char === '}' || char === ']') && !visit(--depth, index)) {
      return;
    }
  }
}

/** Where the string ends that begins at `start`: most of an answer is inside strings and is leapt over. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it, inside the string that begins at `start`. */
function isEscaped(text: string, start: number, index: number): boolean {
  let first = index;
  while (first - 1 > start && text[first - 1] === '\\') first--;
  return (index - first) % 2 === 1;
}
