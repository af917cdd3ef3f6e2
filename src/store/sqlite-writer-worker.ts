import { parentPort, workerData } from 'node:worker_threads';
import { connectForWriting, type DatabaseOptions } from './sqlite-schema.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import type { NumberedJob, WriterAnswer, WriterJob } from './sqlite-writer-thread.ts';

// Runs in a thread of its own: what SQLite costs and every fsync are then no time of the thread that decides and answers.

// Given by SqliteWriterThread.
const options = workerData as DatabaseOptions;
const database = connectForWriting(options);
const writer = new SqliteWriter(database);

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
      return writer.evict(job.rule);
    case 'expire':
      return writer.expire(job.now);
    case 'remove':
      return writer.remove(job.key);
    case 'check':
      return writer.check();
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
