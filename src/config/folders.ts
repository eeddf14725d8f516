import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Refusal } from './problems.js';

/** Where the configuration is read from; nothing else of the process matters. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** The two folders, absolute; and how a path is shown to the operator: from the working folder where it lies in it. */
export interface Folders {
  readonly configDir: string;
  readonly dataDir: string;
  readonly shown: (path: string) => string;
}

/** Resolves `GATEHOUSE_CONFIG_DIR` and `GATEHOUSE_DATA_DIR`. */
export function foldersOf({ env, cwd }: Surroundings): Folders {
  return {
    configDir: resolve(cwd, env.GATEHOUSE_CONFIG_DIR || 'config'),
    dataDir: resolve(cwd, env.GATEHOUSE_DATA_DIR || 'data'),
    shown(path) {
      const inner = relative(cwd, path);
      return inner.startsWith('..') || isAbsolute(inner) ? path : inner;
    },
  };
}

/** The settings file of a configuration folder. */
export function settingsFileOf(configDir: string): string {
  return join(configDir, 'gatehouse.yaml');
}

/** What an operator put into a configuration folder: its files but for the examples, sorted. */
export function ownFilesIn(configDir: string): string[] {
  try {
    const entries = readdirSync(configDir, { withFileTypes: true });
    const files = entries.filter(entry => !entry.isDirectory()).map(({ name }) => name);
    return files.filter(name => !name.startsWith('.') && !/\.example(\.|$)/.test(name)).sort();
  } catch {
    // no folder, or one whose settings file cannot be read either
    return [];
  }
}

/** A text file's content, `undefined` when there is none. @throws {Refusal} when it is there but cannot be read */
export function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (code === 'ENOENT') return undefined;
    throw new Refusal(`cannot be read (${code})`, 'make it a file that the user of Gatehouse may read');
  }
}

/** Whether a path, relative ones from the folder, is a file that may be read. */
export function isReadableFile(folder: string, path: string): boolean {
  try {
    const whole = resolve(folder, path);
    accessSync(whole, constants.R_OK);
    return statSync(whole).isFile();
  } catch {
    return false;
  }
}
