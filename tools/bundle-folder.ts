import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Where the program is bundled to when no folder is named. */
const usual = 'dist';

/** In every bundle, and so the mark of a folder that was made for one. */
export const licensesFile = 'THIRD-PARTY-LICENSES.txt';

/**
 * The folder to bundle into, empty but for its mark. What was in it is removed, so it must be in the repository, and be
 * `dist`, new, empty, or made by this before; throws when it is not, and leaves it as it is.
 */
export function emptiedFolder(root: string, named = usual): string {
  const folder = resolve(root, named);
  const inside = relative(root, folder);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new Error(`cannot bundle into ${folder}: it is not a folder inside ${root}, and would be emptied`);
  if (inside !== usual && !isOwn(folder))
    throw new Error(
      `cannot bundle into ${folder}: it would be emptied, but holds something and is no bundle (it has no ${licensesFile})`,
    );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Filled at the end; here already, so that what is left of a bundle that failed is known again.
  writeFileSync(join(folder, licensesFile), '');
  return folder;
}

function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return true;
  if (!found.isDirectory()) return false;
  const names = readdirSync(folder);
  return names.length === 0 || names.includes(licensesFile);
}
