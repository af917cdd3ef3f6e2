import { ProviderSimulator } from './provider-simulator.ts';

// The simulator as a process of its own: prints its addresses as one line of JSON and runs until it gets a signal or,
// with --until-stdin-ends, until its parent goes away.
const port = process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? '0';
const simulator = await ProviderSimulator.start(Number(port));
const stop = (): void => void simulator.stop().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
if (process.argv.includes('--until-stdin-ends')) process.stdin.on('end', stop).resume();
process.stdout.write(`${JSON.stringify({ baseUrl: simulator.baseUrl, origin: simulator.origin })}\n`);
