import type { Timestamp__Output } from '../gen/google/protobuf/Timestamp.ts';
import { millisecondsOf } from '../client/time-message.ts';

/** A time people can take in at a glance: `0.4s`, `12.3s`, `3m05s`, `2h04m`, `3d04h`. */
export function durationText(ms: number): string {
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}

/** Two decimals, four below a dollar where two would hide the cost; "at least" when calls have no known price. */
export function costText(usd: number, unpricedCalls = 0): string {
  const amount = usd > 0 && usd < 1 ? usd.toFixed(4) : usd.toFixed(2);
  return unpricedCalls > 0 ? `at least $${amount} (${unpricedCalls} unpriced)` : `$${amount}`;
}

const grouped = new Intl.NumberFormat('en-US');

/** With thousands separators. */
export function countText(count: number | string): string {
  return grouped.format(Number(count));
}

/** Input and output together. */
export function tokensOf(
  usage: { readonly inputTokens: string; readonly outputTokens: string } | null,
): number {
  return usage ? Number(usage.inputTokens) + Number(usage.outputTokens) : 0;
}

/** UTC, to the second: `2026-01-02 03:04:05Z`; empty when absent. */
export function timeText(time: Timestamp__Output | null | undefined): string {
  const ms = millisecondsOf(time);
  return ms === undefined ? '' : new Date(ms).toISOString().replace('T', ' ').replace(/\.\d+/, '');
}

/** Bytes as `812 B`, `12.3 KiB`, `4.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const kib = bytes / 1_024;
  return kib < 1_024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1_024).toFixed(1)} MiB`;
}
