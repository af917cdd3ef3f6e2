import { findingText } from '../../workflow/finding.ts';
import { bytesText, countText } from '../amount.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { serverOverrides } from '../session.ts';

const help = `
Looks at every log, derived row, blob and request record of a store, and says what is not as it must be.
Nothing in the store is changed. A store that a server has open can be verified too: it is read as it stood
at one moment, and its write-ahead log grows until the verification is over.
Exit code 0: sound; 1: there are problems, or the file cannot be verified; 5: there is no such file.`;

/** `verify`: whether a store is what it must be. */
export function addVerify(program: Program, runner: CommandRunner): void {
  program
    .command('verify')
    .description('check a store: every event, ledger, derived row and blob; changes nothing')
    .argument('[db]', 'file of the store, or its folder (default: the configured data directory)')
    .addHelpText('after', help)
    .action((db) =>
      runner.run(async ({ deps, options, output, cwd }) => {
        const { path, report } = deps.verify(db, serverOverrides(options), cwd);
        const exitCode = report.problems === 0 ? exitCodes.ok : exitCodes.failed;
        if (output.json) {
          output.value({ path, sound: report.problems === 0, ...report });
          return exitCode;
        }
        const rows: [name: string, value: string][] = [
          ['store', path],
          ['workflows', countText(report.workflows)],
          ['  open', countText(report.open)],
          ['  finished', countText(report.finished)],
          ['events', countText(report.events)],
          ['  without checksum', countText(report.eventsWithoutChecksum)],
          ['blobs', `${countText(report.blobs)} (${bytesText(report.blobBytes)})`],
          ['request records', countText(report.requests)],
          ['problems', countText(report.problems)],
        ];
        output.text(rows.map(([name, value]) => `${name.padEnd(20)}${value}`).join('\n'));
        for (const finding of report.findings) output.text(findingText(finding));
        const untold = report.problems - report.findings.length;
        if (untold > 0) output.text(`and ${countText(untold)} more`);
        return exitCode;
      }),
    );
}
