/** Whether databases are damaged, read from end to end. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What reading the files came to. Those in neither list are sound. */
export interface Integrity {
  /** files that SQLite finds damaged */
  readonly damaged: readonly string[];
  /** files of which nobody can say, and why */
  readonly unread: readonly { readonly file: string; readonly why: string }[];
}

const script = fileURLToPath(new URL('./integrity-process.js', import.meta.url));
const run = promisify(execFile);

/**
 * Checks files while everything else goes on, in a process of its own: nothing ends a thread while SQLite reads, and it
 * reads for two seconds a gigabyte.
 *
 * @param stop ends that at once, with nothing found
 */
export async function checkIntegrity(files: readonly string[], stop: AbortSignal): Promise<Integrity> {
  try {
    // an empty environment: it needs none of the secrets in ours
    const options = { env: {}, signal: stop, killSignal: 'SIGKILL' } as const;
    const { stdout } = await run(process.execPath, [script, ...files], options);
    return JSON.parse(stdout) as Integrity;
  } catch (error) {
    if (stop.aborted || isToldToEnd(error)) return { damaged: [], unread: [] };
    const why = error instanceof Error ? error.message : String(error);
    return { damaged: [], unread: files.map(file => ({ file, why })) };
  }
}

/** Whoever ends a service may tell each of its processes, and this one hears of it first. */
function isToldToEnd(error: unknown): boolean {
  const signal: unknown = error instanceof Error ? Reflect.get(error, 'signal') : undefined;
  return signal === 'SIGTERM' || signal === 'SIGINT';
}
