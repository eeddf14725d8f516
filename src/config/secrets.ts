import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Refusal } from './problems.js';

/** A named value and where it was found; `origin` never holds any of it. */
export interface FoundValue {
  readonly value: string;
  readonly origin: string;
}

/** Looks up names, with the same precedence for every one of them. */
export interface NamedValues {
  /** `undefined` when none of the three places has it. @throws {Refusal} when a place has it but cannot be used */
  find(name: string): FoundValue | undefined;
}

/** The three places in the order they are looked at, for a remedy. */
export function placesOf(name: string): string {
  return `put it into the file $CREDENTIALS_DIRECTORY/${name}, or a file named by ${name}_FILE, or the environment variable ${name}`;
}

/** `$CREDENTIALS_DIRECTORY/NAME`, else the file named by `NAME_FILE`, else the environment's `NAME`. An empty variable is unset. */
export function namedValues(env: Readonly<Record<string, string | undefined>>, cwd: string): NamedValues {
  const inFile = (path: string, origin: string, mustExist: boolean): FoundValue | undefined => {
    const value = contentOf(path, origin, mustExist);
    return value === undefined ? undefined : { value, origin };
  };
  return {
    find(name) {
      const folder = env.CREDENTIALS_DIRECTORY;
      const credential = folder ? inFile(join(folder, name), `credential ${name}`, false) : undefined;
      if (credential !== undefined) return credential;
      const file = env[`${name}_FILE`];
      if (file) return inFile(isAbsolute(file) ? file : join(cwd, file), `file named by ${name}_FILE`, true);
      const value = env[name];
      return value
        ? { value: usable(value, `environment ${name}`), origin: `environment ${name}` }
        : undefined;
    },
  };
}

function contentOf(path: string, origin: string, mustExist: boolean): string | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (code === 'ENOENT' && !mustExist) return undefined;
    throw new Refusal(
      `cannot be read (${code}): ${origin}`,
      'name a file that exists and that the user of Gatehouse may read',
    );
  }
  return usable(content, origin);
}

/** Editors and `echo` end a file with a line break, which no secret means. */
function usable(content: string, origin: string): string {
  const value = content.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '');
  if (value === '') throw new Refusal(`is empty: ${origin}`, 'write the value there, alone on one line');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new Refusal(
      `has a line break or control character inside: ${origin}`,
      'write the value alone on one line',
    );
  if (value !== value.trim()) throw new Refusal(`has spaces around it: ${origin}`, 'remove them');
  return value;
}
