#!/usr/bin/env node
import module from 'node:module';

// Plain JavaScript that imports nothing but Node's own, so that an old Node.js reaches the sentence below instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `MCP Orchestrator needs Node.js 24.15 or newer, but this is Node.js ${process.versions.node}.`,
  );
  process.exit(1);
}
// What was compiled once is kept in a folder of Node's own for the next start; a place that cannot be written only costs time.
module.enableCompileCache();

// Node writes it at the end of the process, but a server that is killed comes to no end, and its next start is the one
// that must be quick.
const firstKeepMs = 1_000;
const keepMs = 60_000;
function keepCompiled() {
  module.flushCompileCache();
  setTimeout(keepCompiled, keepMs).unref();
}
setTimeout(keepCompiled, firstKeepMs).unref();

await import('../dist/main.js');
