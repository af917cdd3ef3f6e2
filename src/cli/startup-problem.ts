import { dirname } from 'node:path';
import type { GlobalOptions } from './global-options.ts';

export interface StartupProblem {
  readonly message: string;
  readonly hint: string;
}

/**
 * Why a server did not start, when the reason is the machine it runs on: its port or its data directory. Undefined for
 * any other error.
 */
export function startupProblem(
  error: unknown,
  { embedded }: Pick<GlobalOptions, 'embedded'>,
): StartupProblem | undefined {
  const chain = chainOf(error);
  const locked = chain.find(({ name }) => name === 'StoreLockedError');
  if (locked) {
    const hint = 'choose another data directory with --data-dir';
    return {
      message: 'the data directory is in use by another process',
      hint: embedded === true ? `leave out --embedded to talk to the server that has it, or ${hint}` : hint,
    };
  }
  const ofStore = chain.some(({ name }) => name === 'StoreUnavailableError');
  for (const cause of chain) {
    const found =
      portProblem(cause) ?? (ofStore || cause.syscall === 'mkdir' ? folderProblem(cause) : undefined);
    if (found) return found;
  }
  return undefined;
}

interface SystemError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
}

function portProblem({ code, syscall, address, port }: SystemError): StartupProblem | undefined {
  if (syscall !== 'listen' && syscall !== 'bind') return undefined;
  const where = `${String(address)}:${String(port)}`;
  const hint = 'choose another with --grpc-port';
  if (code === 'EADDRINUSE') return { message: `${where} is in use by another process`, hint };
  if (code === 'EACCES') return { message: `this user may not listen on ${where}`, hint };
  if (code !== 'EADDRNOTAVAIL') return undefined;
  return {
    message: `this machine has no address ${String(address)}`,
    hint: 'choose another with --grpc-host',
  };
}

function folderProblem({ code, path }: SystemError): StartupProblem | undefined {
  if (typeof path !== 'string') return undefined;
  // What is named is the folder or a file of the store in it.
  const folder = /\.(?:db|lock)$/.test(path) ? dirname(path) : path;
  const hint = 'choose another data directory with --data-dir';
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return { message: `the data directory ${folder} is a file, not a folder, or lies in one`, hint };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { message: `the data directory ${folder} must be writable by this user`, hint };
    default:
      return undefined;
  }
}

/** The error and its causes, outermost first. */
function chainOf(error: unknown): readonly SystemError[] {
  const chain: SystemError[] = [];
  for (let each = error; each instanceof Error && !chain.includes(each); each = each.cause) chain.push(each);
  return chain;
}
