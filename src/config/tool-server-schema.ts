import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { roles } from '../workflow/role.ts';
import type { ToolServerSettings, ToolTerms } from '../workflow/tool-server.ts';
import { closestName } from './closest-name.ts';
import type { ConfigProblem } from './config-error.ts';
import { duration, httpUrl } from './setting-value.ts';
import { isSecretName, redactingRecord } from './provider-environment.ts';

/** Name of the tools that read a workflow's own documents; no server can have it. */
const builtIn = 'documents';

const serverName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/, 'must be lower-case letters, digits, single - and _')
  .max(32, 'must be at most 32 characters')
  .refine((name) => name !== builtIn, `must not be ${builtIn}, which is built in`);
const toolName = z.string().min(1, 'must name a tool').max(limits.toolNameCharsMax);

const termsShape = {
  /** Whether a crash in between may repeat it. */
  idempotent: z.boolean('must be true or false').optional(),
  timeout: duration(1, limits.toolTimeoutMsMax).optional(),
  /** Bytes of what it says. */
  max_output: z
    .number('must be a number of bytes')
    .int('must be a whole number')
    .min(1_024, 'must be at least 1024')
    .max(limits.toolOutputBytesMax, `must be at most ${limits.toolOutputBytesMax}`)
    .optional(),
};

const text = z.string('must be text').max(4_096, 'must be at most 4096 characters');

/** One entry of `tool_servers` in the YAML file. */
const toolServerSchema = z
  .strictObject({
    command: text.min(1, 'must be a program').optional(),
    args: z.array(text).max(100).optional(),
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable'), text).optional(),
    url: httpUrl.optional(),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header'), text).optional(),
    ...termsShape,
    tools: z.record(toolName, z.strictObject(termsShape)).optional(),
  })
  .superRefine((server, context) => {
    const problem = (message: string): void => context.addIssue({ code: 'custom', message });
    if ((server.command === undefined) === (server.url === undefined))
      problem('must have either a command or a url');
    else if (server.command === undefined && (server.args ?? server.env))
      problem('has args or env, which only a command can have');
    else if (server.url === undefined && server.headers) problem('has headers, which only a url can have');
  });

export const toolServersSchema = z
  .record(serverName, toolServerSchema)
  .refine(
    (servers) => Object.keys(servers).length <= limits.toolServersMax,
    `must be at most ${limits.toolServersMax} servers`,
  );

export const agentToolsSchema = z.record(
  z.string(),
  z.array(
    z
      .string('must be the name of a tool')
      .regex(/^[a-z][a-z0-9_-]*\.\S{1,128}$/, 'must be server.tool, or server.* for all of a server'),
  ),
);

/** Members of a server and of a tool's terms, by depth; for names that are written wrong. */
export const toolServerMembers: Readonly<Record<number, readonly string[]>> = {
  1: ['command', 'args', 'env', 'url', 'headers', 'tools', ...Object.keys(termsShape)],
  3: Object.keys(termsShape),
};

export interface ToolConfig {
  readonly toolServers: Readonly<Record<string, ToolServerSettings>>;
  /** Tools by the role that may use them. */
  readonly agentTools: Readonly<Record<string, readonly string[]>>;
  /** Values of the variables that servers are given. Prints redacted. */
  readonly toolSecrets: Readonly<Record<string, string | undefined>>;
}

/** Fills references to variables in and checks what no entry says alone. Paths begin at the file. */
export function toolConfig(
  servers: z.output<typeof toolServersSchema>,
  allowance: z.output<typeof agentToolsSchema>,
  sources: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly filePath: string | undefined;
  },
  problems: ConfigProblem[],
): ToolConfig {
  const secrets: Record<string, string> = {};
  const filled = (path: string, values: Readonly<Record<string, string>>): Record<string, string> =>
    redactingRecord(
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          withVariables(`${path}.${name}`, name, value, sources.env, secrets, problems),
        ]),
      ),
    );
  const settings = Object.entries(servers).map(([name, server]): [string, ToolServerSettings] => {
    const path = `tool_servers.${name}`;
    const tools = Object.entries(server.tools ?? {}).map(([tool, terms]) => [tool, termsOf(terms)] as const);
    const common = { terms: termsOf(server), tools: Object.fromEntries(tools) };
    if (server.url !== undefined)
      return [
        name,
        { reach: { url: server.url, headers: filled(`${path}.headers`, server.headers ?? {}) }, ...common },
      ];
    const env = filled(`${path}.env`, server.env ?? {});
    const command = commandOf(server.command ?? '', sources.filePath);
    return [name, { reach: { command, args: server.args ?? [], env }, ...common }];
  });
  for (const [role, patterns] of Object.entries(allowance)) {
    problems.push(...unknownRole(role), ...unknownServers(role, patterns, Object.keys(servers)));
  }
  return {
    toolServers: Object.fromEntries(settings),
    agentTools: allowance,
    toolSecrets: redactingRecord(secrets),
  };
}

function termsOf(terms: {
  readonly idempotent?: boolean | undefined;
  readonly timeout?: number | undefined;
  readonly max_output?: number | undefined;
}): ToolTerms {
  return { idempotent: terms.idempotent, timeoutMs: terms.timeout, outputBytesMax: terms.max_output };
}

/** A path begins at the file, like every other path in it; a bare name is looked for as any program is. */
function commandOf(command: string, filePath: string | undefined): string {
  return filePath !== undefined && /^\.{1,2}\//.test(command) ? resolve(dirname(filePath), command) : command;
}

const reference = /\$\{([A-Za-z_]\w*)\}/g;

function withVariables(
  path: string,
  name: string,
  value: string,
  env: Readonly<Record<string, string | undefined>>,
  secrets: Record<string, string>,
  problems: ConfigProblem[],
): string {
  const example = `\${${name.toUpperCase().replaceAll('-', '_')}}`;
  const holdsSecret = isSecretName(name) || /authorization|cookie|credential/i.test(name);
  if (holdsSecret && !value.includes('${')) {
    problems.push({
      name: path,
      message: 'must refer to a variable, so that no secret stands in the file',
      example,
    });
    return '';
  }
  return value.replaceAll(reference, (_, variable: string) => {
    const found = env[variable];
    if (found === undefined || found === '') {
      problems.push({ name: path, message: `refers to the variable ${variable}, which is not set`, example });
      return '';
    }
    secrets[variable] = found;
    return found;
  });
}

function unknownRole(role: string): readonly ConfigProblem[] {
  if (roles.some((known) => known === role)) return [];
  const closest = closestName(role, roles);
  const meant = closest === undefined ? `known are ${roles.join(', ')}` : `did you mean ${closest}?`;
  return [{ name: `agent_tools.${role}`, message: `there is no such role; ${meant}`, example: 'researcher' }];
}

function unknownServers(
  role: string,
  patterns: readonly string[],
  servers: readonly string[],
): readonly ConfigProblem[] {
  const known = [...servers, builtIn];
  return patterns.flatMap((pattern) => {
    const server = pattern.slice(0, pattern.indexOf('.'));
    if (known.includes(server)) return [];
    const message = `there is no tool server ${server}; known are ${known.join(', ')}`;
    return [{ name: `agent_tools.${role}`, message, example: `[${builtIn}.*]` }];
  });
}
