import { redact, redacted } from '../workflow/redaction.ts';
import type { Config } from './config.ts';
import { settingNames, settings } from './config-schema.ts';
import { formatDuration } from './duration.ts';

/** Every setting with its value and where it came from, one a line; secrets are redacted. */
export function describeConfig(config: Config): string {
  const lines: [setting: string, origin: string][] = [];
  for (const name of settingNames) {
    const value = config[name];
    const shown =
      value === undefined ? '(unset)' : name.endsWith('Ms') ? formatDuration(Number(value)) : String(value);
    lines.push([`${settings[name].key} = ${redact(shown)}`, config.origins[name]]);
  }
  for (const [name, folder] of Object.entries(config.corpora))
    lines.push([`corpora.${name} = ${folder}`, 'file']);
  for (const [name, override] of Object.entries(config.providers)) {
    lines.push([`providers.${name} = ${redact(JSON.stringify(override))}`, 'file']);
  }
  for (const [name, { reach }] of Object.entries(config.toolServers)) {
    // Arguments may hold anything; what a server is given is in the file.
    const how = 'command' in reach ? `${reach.command} with ${reach.args.length} arguments` : reach.url;
    lines.push([`tool_servers.${name} = ${redact(how)}`, 'file']);
  }
  for (const [role, patterns] of Object.entries(config.agentTools))
    lines.push([`agent_tools.${role} = ${patterns.join(', ')}`, 'file']);
  for (const name of Object.keys(config.providerEnvironment))
    lines.push([`${name} = ${redacted}`, 'environment']);
  lines.push([
    `config = ${config.configPath ?? '(none)'}`,
    config.configPath === undefined ? 'default' : 'file',
  ]);
  return lines.map(([setting, origin]) => `${setting}  (${origin})`).join('\n');
}
