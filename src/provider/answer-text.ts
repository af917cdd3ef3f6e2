import type { AnswerSink } from './model-provider.ts';

/** An answer as it grows. */
export class AnswerText {
  readonly #parts: string[] = [];
  #length = 0;

  add(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  get whole(): string {
    return this.#parts.join('');
  }

  /** Hands over what the sink lacks: nothing while nobody wants any, all that stands here to one that comes late. */
  offer(sink: AnswerSink): void {
    const position = sink.position;
    if (position !== undefined && position < this.#length) sink.add(this.#from(position));
  }

  /** Nearly always the last part, so it is looked for from the end. */
  #from(position: number): string {
    let index = this.#parts.length;
    let start = this.#length;
    while (start > position) start -= this.#parts[--index]?.length ?? 0;
    return this.#parts
      .slice(index)
      .join('')
      .slice(position - start);
  }
}
