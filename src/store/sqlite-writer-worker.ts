import { parentPort, workerData } from 'node:worker_threads';
import { SqliteBegin } from './sqlite-begin.ts';
import { checkDatabase } from './sqlite-check.ts';
import { SqliteRetention } from './sqlite-retention.ts';
import { connectForWriting, type DatabaseOptions } from './sqlite-schema.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import type { NumberedJob, WriterAnswer, WriterJob } from './sqlite-writer-thread.ts';

// Runs in a thread of its own: what SQLite and an fsync cost here is no time of the thread that decides and answers.

// Given by SqliteWriterThread.
const options = workerData as DatabaseOptions;
const database = connectForWriting(options);
const begin = new SqliteBegin(database);
const writer = new SqliteWriter(database, begin);
const retention = new SqliteRetention(database, begin);

function done({ number, job }: NumberedJob): WriterAnswer {
  try {
    return { number, value: answer(job) };
  } catch (error) {
    return { number, failure: error instanceof Error ? error.message : String(error) };
  }
}

function answer(job: WriterJob): unknown {
  switch (job.type) {
    case 'write':
      writer.write(job.write);
      return job.write.buffer;
    case 'evict':
      return retention.evictSome(job.rule);
    case 'expire':
      return retention.expireSome(job.now);
    case 'remove':
      return retention.remove(job.key);
    case 'check':
      return checkDatabase(database, begin);
  }
}

// A job that cannot be read is one that nobody would answer: with the thread, whoever waits for it hears of an end.
parentPort?.on('messageerror', (error: unknown) => {
  throw error;
});

parentPort?.on('message', (job: NumberedJob | 'close') => {
  if (job !== 'close') {
    const result = done(job);
    parentPort?.postMessage(
      result,
      'value' in result && result.value instanceof ArrayBuffer ? [result.value] : [],
    );
    return;
  }
  database.close();
  parentPort?.close();
});
