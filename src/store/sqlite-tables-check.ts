import { DatabaseSync } from 'node:sqlite';
import { tables } from './sqlite-schema.ts';

/** What takes the newest tables back to those of an earlier version; the first one makes version 1 of version 2. */
const undone: readonly string[] = [
  'ALTER TABLE event DROP COLUMN checksum',
  'DROP TABLE spend',
  'DROP TRIGGER workflow_finishes; DROP TRIGGER workflow_goes',
];

export interface TableDifference {
  readonly expected: string;
  readonly found: string;
}

/** Where the tables, indexes and triggers of a database are not those of its version. */
export function tableDifferences(database: DatabaseSync, version: number): readonly TableDifference[] {
  const expected = expectedObjects(version);
  const found = objectsOf(database);
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const [wanted = 'nothing', there = 'nothing'] = [expected.get(name), found.get(name)];
    return wanted === there ? [] : [{ expected: wanted, found: there }];
  });
}

function expectedObjects(version: number): ReadonlyMap<string, string> {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(tables);
    for (const step of undone.slice(version - 1).toReversed()) database.exec(step);
    return objectsOf(database);
  } finally {
    database.close();
  }
}

/** Definitions by name, those of the database engine itself left out. */
function objectsOf(database: DatabaseSync): ReadonlyMap<string, string> {
  const objects = database.prepare(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'",
  );
  return new Map(
    objects.all().map((row) => [`${String(row['type'])} ${String(row['name'])}`, plain(String(row['sql']))]),
  );
}

/** Without comments and white space: a column that was added later stands where its comment would be. */
function plain(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([(),]) ?/g, '$1')
    .trim();
}
