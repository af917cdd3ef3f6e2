/** What makes a store of the newest version one of an earlier version; the first one makes version 1 of version 2. */
const undone: readonly string[] = [
  'ALTER TABLE event DROP COLUMN checksum',
  'DROP TABLE spend',
  `DROP TRIGGER workflow_finishes; DROP TRIGGER workflow_goes; DELETE FROM meta WHERE name = 'finished'`,
];

/** SQL that makes a store of the newest version one as an earlier version had made it. */
export function olderVersion(version: number): string {
  return [...undone.slice(version - 1).toReversed(), `PRAGMA user_version = ${version}`].join('; ');
}
