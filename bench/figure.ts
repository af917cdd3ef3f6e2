/** One measured number, what it is held against, and the floor beneath it from the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should reach; `atMost` turns the comparison round. */
  readonly reach?: { readonly value: number; readonly atMost?: boolean } | undefined;
  /** The same work without the engine. */
  readonly floor?: { readonly value: number; readonly shareWanted: number } | undefined;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Whether the figure reaches what it should, and its share of the floor. */
function isMet({ value, reach, floor }: Figure): boolean {
  const reached = !reach || (reach.atMost ? value <= reach.value : value >= reach.value);
  return reached && (!floor || value / floor.value >= floor.shareWanted);
}

/** A figure as a row of the table, and as JSON. */
export function figureRow(figure: Figure): Record<string, string | number | boolean> {
  const { name, value, unit, reach, floor } = figure;
  return {
    figure: name,
    value: rounded(value),
    unit,
    reach: reach ? `${reach.atMost ? '<=' : '>='} ${reach.value}` : '',
    floor: floor ? rounded(floor.value) : '',
    ratio: floor ? `${((value / floor.value) * 100).toFixed(1)} %` : '',
    wanted: floor ? `>= ${floor.shareWanted * 100} %` : '',
    met: isMet(figure),
  };
}

/** The value below which this share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
