import type { Clock } from '../clock/clock.ts';
import type { DocumentRenderer } from '../document/document-renderer.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { Blob } from '../store/event-store.ts';
import type { EventOf } from '../workflow/event.ts';
import { failure } from '../workflow/failure.ts';
import type { WorkflowState } from '../workflow/state.ts';
import { sha256Of } from './material.ts';

export interface RenderEnd {
  readonly format: string;
  readonly event: EventOf<'document_completed'> | EventOf<'document_failed'>;
  readonly blob: Blob | undefined;
}

/** One document being written. Reports how it ended, once; a failure is an event and fails nothing else. */
export class Rendering {
  readonly #format: string;
  readonly #abort = new AbortController();

  constructor(format: string) {
    this.#format = format;
  }

  abort(): void {
    this.#abort.abort(new Error('aborted'));
  }

  /** Never rejects. */
  async run(
    state: WorkflowState,
    orchestrator: Orchestrator,
    deps: { readonly clock: Clock; readonly renderers: ReadonlyMap<string, DocumentRenderer> },
  ): Promise<RenderEnd> {
    const format = this.#format;
    const begin = deps.clock.monotonic();
    try {
      const renderer = deps.renderers.get(format);
      if (!renderer) throw new Error(`this server has no renderer for ${format}`);
      const { bytes } = await renderer.render(orchestrator.report(state), this.#abort.signal);
      const sha256 = sha256Of(bytes);
      const event: EventOf<'document_completed'> = {
        type: 'document_completed',
        format,
        fileName: `${state.workflowId}.${renderer.fileExtension}`,
        mediaType: renderer.mediaType,
        sha256,
        bytes: bytes.byteLength,
        durationMs: Math.round(deps.clock.monotonic() - begin),
      };
      return { format, event, blob: { sha256, bytes } };
    } catch (error) {
      const reason = failure(
        'internal',
        `rendering ${format} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return { format, event: { type: 'document_failed', format, failure: reason }, blob: undefined };
    }
  }
}
