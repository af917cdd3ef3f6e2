/**
 * What is wrong with a store or one of its logs:
 * - database: the file's own structure, as the database engine sees it.
 * - schema: its tables are not those of its version.
 * - sequence: a log's numbers are not 1..n.
 * - checksum: an event is not the one that was written.
 * - event: an event that this build cannot read.
 * - order: an epoch, a time or the progress fell, or is out of its range.
 * - terminal: something follows the last event.
 * - fold: an event that its state does not allow.
 * - call: a model call that was started or ended twice, or again after its answer.
 * - money: the ledger is not the sum of the log's calls, is negative, exceeds a cap, or holds something at the end.
 * - statement: an event says of the log what the log does not say: a receipt, an agent's bill, a reference to an answer.
 * - row: the derived row is not the fold of the log.
 * - blob: a blob's bytes are not those of its name.
 * - reference: a log refers to a blob that is not there, or does not refer to one it is said to use.
 * - orphan: something that belongs to nothing.
 * - request: a request record that contradicts the log it names.
 * - generation: an epoch that no generation of this store has minted.
 */
export type Check =
  | 'database'
  | 'schema'
  | 'sequence'
  | 'checksum'
  | 'event'
  | 'order'
  | 'terminal'
  | 'fold'
  | 'call'
  | 'money'
  | 'statement'
  | 'row'
  | 'blob'
  | 'reference'
  | 'orphan'
  | 'request'
  | 'generation';

/** One thing that must not be. */
export interface Finding {
  readonly check: Check;
  /** Absent: it concerns no single workflow. */
  readonly workflowId?: string | undefined;
  /** Absent: it concerns no single event. */
  readonly sequence?: number | undefined;
  readonly expected: string;
  readonly found: string;
}

/** What was looked at and what is wrong with it. */
export interface AuditReport {
  readonly workflows: number;
  readonly open: number;
  readonly finished: number;
  readonly events: number;
  /** Events that a version without checksums wrote; nothing tells whether their bytes are the ones written. */
  readonly eventsWithoutChecksum: number;
  readonly blobs: number;
  readonly blobBytes: number;
  readonly requests: number;
  /** All problems there are. */
  readonly problems: number;
  /** The first `limits.auditFindingsMax` of them. */
  readonly findings: readonly Finding[];
}

/** One line for people. */
export function findingText({ check, workflowId, sequence, expected, found }: Finding): string {
  const where = [workflowId, sequence === undefined ? undefined : `sequence ${sequence}`]
    .filter((part) => part !== undefined)
    .join(' ');
  return `${check}: ${where === '' ? '' : `${where}: `}expected ${expected}, found ${found}`;
}
