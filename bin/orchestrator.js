#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node.js reaches the sentence below instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `MCP Orchestrator needs Node.js 24.15 or newer, but this is Node.js ${process.versions.node}.`,
  );
  process.exit(1);
}
await import('../dist/main.js');
