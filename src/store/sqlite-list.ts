import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { WorkflowKey } from '../workflow/id.ts';
import type { WorkflowRow } from '../workflow/row.ts';
import { type Status, statuses } from '../workflow/status.ts';
import type { ListPage, ListQuery, OpenWorkflow } from './event-store.ts';
import { rowLimit } from './sqlite-schema.ts';
import { rowFrom, type StoredRow } from './stored-row.ts';

const columns = `
  workflow.run AS run, create_time AS createTime, labels, description.body AS description, summary`;

interface Found {
  readonly run: number;
  readonly createTime: number;
  readonly stored: StoredRow;
}

/**
 * Derived rows. A page without filter or by status is read from an index in the order of the page; orchestrator and
 * labels are compared on the way.
 */
export class SqliteList {
  readonly #database: DatabaseSync;
  /** By SQL text; which conditions a query has decides the text, so there are few. */
  readonly #pages = new Map<string, StatementSync>();
  readonly #row: StatementSync;
  readonly #createTimeNear: StatementSync;
  readonly #open: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#row = database.prepare(
      `SELECT ${columns} FROM workflow JOIN description USING (run) WHERE tenant = ? AND workflow_id = ?`,
    );
    // The row of the cursor may have been evicted since; then the place is where the one created before it stands.
    this.#createTimeNear = database.prepare(
      'SELECT create_time FROM workflow WHERE run <= ? ORDER BY run DESC LIMIT 1',
    );
    this.#open = database.prepare(
      `SELECT run, tenant, workflow_id, status, priority FROM workflow INDEXED BY workflow_open
       WHERE completion IS NULL ORDER BY run`,
    );
  }

  row(key: WorkflowKey): WorkflowRow | undefined {
    const found = this.#row.get(key.tenant, key.workflowId);
    return found && rowFrom(foundOf(found).stored);
  }

  page(query: ListQuery): ListPage {
    const wanted = rowLimit(query.limit + 1);
    const found = query.statuses
      ? [...new Set(query.statuses)].flatMap((status) => this.#find(query, status, wanted))
      : this.#find(query, undefined, wanted);
    // Each status comes in order; together they must be put in order.
    if (query.statuses) found.sort((a, b) => b.createTime - a.createTime || b.run - a.run);
    const shown = found.slice(0, query.limit);
    const last = shown.at(-1);
    const more = last !== undefined && found.length > query.limit;
    return { rows: shown.map(({ stored }) => rowFrom(stored)), ...(more && { next: last.run }) };
  }

  /** Without their owners, which are no rows. */
  open(): readonly Omit<OpenWorkflow, 'epoch'>[] {
    return this.#open.all().map((found) => ({
      key: { tenant: String(found['tenant']), workflowId: String(found['workflow_id']) },
      status: statusOf(String(found['status'])),
      priority: Number(found['priority']),
      order: Number(found['run']),
    }));
  }

  #find(query: ListQuery, status: Status | undefined, limit: number): Found[] {
    const conditions = ['tenant = ?'];
    const values: SQLInputValue[] = [query.tenant];
    const add = (condition: string, ...given: SQLInputValue[]): void => {
      conditions.push(condition);
      values.push(...given);
    };
    if (status !== undefined) add('status = ?', status);
    if (query.orchestrator !== undefined) add('orchestrator = ?', query.orchestrator);
    if (query.createdFrom !== undefined) add('create_time >= ?', query.createdFrom);
    if (query.createdBefore !== undefined) add('create_time < ?', query.createdBefore);
    if (query.after !== undefined) {
      const near = this.#createTimeNear.get(query.after);
      if (!near) return [];
      add('(create_time, workflow.run) < (?, ?)', Number(near['create_time']), query.after);
    }
    if (query.labels) {
      add(
        `NOT EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS (
           SELECT 1 FROM json_each(labels) AS has WHERE has.key = wanted.key AND has.value = wanted.value))`,
        JSON.stringify(query.labels),
      );
    }
    const sql = `
      SELECT ${columns}
      FROM workflow INDEXED BY ${status === undefined ? 'workflow_by_time' : 'workflow_by_status'}
      CROSS JOIN description USING (run)
      WHERE ${conditions.join(' AND ')} ORDER BY create_time DESC, workflow.run DESC LIMIT ?`;
    let statement = this.#pages.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#pages.set(sql, statement);
    }
    return statement.all(...values, limit).map(foundOf);
  }
}

function foundOf(found: Record<string, unknown>): Found {
  return {
    run: Number(found['run']),
    createTime: Number(found['createTime']),
    stored: {
      labels: String(found['labels']),
      description: String(found['description']),
      summary: String(found['summary']),
    },
  };
}

function statusOf(text: string): Status {
  const status = statuses.find((known) => known === text);
  if (status === undefined) throw new Error(`unknown status ${text} in the store`);
  return status;
}
