import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the reason of a skip begins that is allowed even with `CI=true` (see `run.ts`). */
export const excusedSkip = 'excused: ';

/** `false` when the program is on the PATH, else the reason to skip. For the `skip` option of a test. */
export function withoutProgram(...names: string[]): string | false {
  const found = names.some(name =>
    (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, name))),
  );
  return found ? false : `${names[0]} is not installed`;
}

/** The folder of the vendors' published API descriptions, which lies beside a checkout on the developers' machines. */
export const specsFolder = fileURLToPath(new URL('../../../../shared/specs/', import.meta.url));

/** `false` when the named vendor description is there, else the excused reason to skip. */
export function withoutSpec(file: string): string | false {
  return existsSync(join(specsFolder, file)) ? false : `${excusedSkip}../shared/specs/${file} is not here`;
}
