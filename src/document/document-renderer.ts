/** One row of a report's list of sources. */
export interface RenderableSource {
  readonly number: number;
  readonly handle: string;
  readonly documentName: string;
}

/** A report, ready to be written in any format. Structurally an orchestrator's `Report`. */
export interface RenderableReport {
  readonly title: string;
  readonly metadata: readonly (readonly [string, string])[];
  readonly sections: readonly {
    readonly heading: string;
    readonly depth: number;
    readonly markdown: string;
  }[];
  readonly sources: readonly RenderableSource[];
  readonly gaps: readonly string[];
}

export interface RenderedDocument {
  readonly bytes: Uint8Array;
}

/** Writes reports in one format. Model text is data: it can change no structure outside its section. */
export interface DocumentRenderer {
  /** `markdown`, `docx` or `pdf`. */
  readonly format: string;
  /** Without the dot: `md`. */
  readonly fileExtension: string;
  readonly mediaType: string;
  render(report: RenderableReport, signal: AbortSignal): Promise<RenderedDocument>;
}
