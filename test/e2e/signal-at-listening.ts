import process from 'node:process';

// Loaded before the daemon by `node --import`: sends the signal the moment the server says that it listens, before
// anything else of the process can run.
const write = process.stdout.write.bind(process.stdout);
const listening = 'gRPC on ';

process.stderr.write = intercepted(process.stderr);
process.stdout.write = intercepted(process.stdout);

function intercepted(stream: NodeJS.WriteStream): typeof write {
  const plain = stream.write.bind(stream);
  return (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    const written = plain(chunk, ...rest);
    if (typeof chunk === 'string' && chunk.startsWith(listening)) process.kill(process.pid, 'SIGTERM');
    return written;
  };
}
