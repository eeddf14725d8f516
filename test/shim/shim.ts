/** The disk that misbehaves (`sync-shim.c`): building it, commanding it, and what is left after a power cut. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../test/shim/sync-shim.c', import.meta.url));

/**
 * The library for `LD_PRELOAD`, built with `cc` when this source was not built before.
 *
 * @throws when there is no `cc`: skip by `withoutProgram('cc')`
 */
export function buildShim(): string {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const library = join(tmpdir(), `gatehouse-sync-shim-${process.getuid?.() ?? 0}-${version}.so`);
  if (existsSync(library)) return library;
  const fresh = `${library}.${process.pid}`;
  execFileSync('cc', ['-O2', '-Wall', '-shared', '-fPIC', '-o', fresh, source, '-ldl', '-lpthread']);
  renameSync(fresh, library);
  return library;
}

/** What a process is told; see the head of `sync-shim.c`. */
export interface ShimOptions {
  readonly syncDelayUs?: number;
  readonly log?: string;
  readonly logSends?: boolean;
  /** the folder that faults and the disk are about; must exist, without symbolic links in its path */
  readonly dir?: string;
  readonly control?: string;
  /** where the disk is kept; made anew, so one for each process */
  readonly disk?: string;
  /** percent of writes that reach the disk by themselves */
  readonly early?: number;
  /** part of a path: syncs of such files are answered and not done, so that a test can be seen to fail */
  readonly lies?: string;
  /** syncs do not reach the real disk: the same to everybody but the clock on the wall */
  readonly skipSync?: boolean;
}

/** The environment of a process that lives on such a disk. */
export function shimEnvironment(options: ShimOptions): Record<string, string> {
  if (options.disk !== undefined) {
    rmSync(options.disk, { recursive: true, force: true });
    mkdirSync(options.disk, { recursive: true });
  }
  const told = {
    SYNC_DELAY_US: options.syncDelayUs,
    LOG: options.log,
    LOG_SENDS: options.logSends ? 1 : undefined,
    DIR: options.dir,
    CONTROL: options.control,
    DISK: options.disk,
    EARLY: options.early,
    LIES: options.lies,
    SKIP: options.skipSync ? 1 : undefined,
  };
  const set = Object.entries(told).filter(([, value]) => value !== undefined);
  return {
    LD_PRELOAD: buildShim(),
    ...Object.fromEntries(set.map(([name, value]) => [`GATEHOUSE_SHIM_${name}`, String(value)])),
  };
}

/** What goes wrong from now on. */
export interface DiskFault {
  readonly error?: 'ENOSPC' | 'EROFS' | 'EIO' | 'EIO_READ';
  /** how many of a hundred operations fail (default: all) */
  readonly percent?: number;
  /** only files whose path has this in it */
  readonly part?: string;
  /** for how long a sync takes at most: one under way ends with the command */
  readonly delayUs?: number;
}

/** Makes the control file; the returned function commands the disk at once, and with `{}` mends it. */
export function createDiskControl(file: string): (fault: DiskFault) => void {
  const command = (fault: DiskFault) => {
    const { error = 'none', percent = 100, part = '*', delayUs = 0 } = fault;
    // one write over the same bytes: whoever reads meanwhile sees the old command or the new one
    const handle = openSync(file, 'r+');
    writeSync(handle, `${error} ${percent} ${part} ${delayUs}`.padEnd(128), 0);
    closeSync(handle);
  };
  writeFileSync(file, ''.padEnd(128));
  command({});
  return command;
}

/** Puts the folder into the state in which a power cut leaves it: to be called once the process is dead. */
export function cutPower(disk: string, dir: string): void {
  // written last of all before the process itself begins: without it nothing was touched yet
  if (!existsSync(join(disk, 'names'))) return;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { mode: 0o700 });
  const names = readFileSync(join(disk, 'names'), 'utf8').split('\n').filter(Boolean).map(readName);
  const folders = new Set(['', ...names.filter(({ number }) => number < 0).map(({ path }) => path)]);
  // a file in a folder that itself was never made durable is as lost as the folder
  const isReached = (path: string): boolean => path === '' || (folders.has(path) && isReached(above(path)));
  for (const { number, path } of names.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (!isReached(above(path))) continue;
    if (number < 0) mkdirSync(join(dir, path), { mode: 0o700 });
    else copyFileSync(join(disk, String(number)), join(dir, path));
  }
}

function above(path: string): string {
  const folder = dirname(path);
  return folder === '/' ? '' : folder;
}

function readName(line: string): { number: number; path: string } {
  const space = line.indexOf(' ');
  return { number: Number(line.slice(0, space)), path: line.slice(space + 1) };
}

/** A line of the log. Times are nanoseconds of one clock. */
export type ShimLine =
  | {
      readonly kind: 'sync';
      readonly at: bigint;
      readonly began: bigint;
      readonly ok: boolean;
      readonly path: string;
    }
  | { readonly kind: 'send'; readonly at: bigint; readonly port: number; readonly bytes: number };

/** The log so far, in order. */
export function readShimLog(file: string): ShimLine[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(readLine);
}

function readLine(line: string): ShimLine {
  const [at = '', , kind, first = '', second = '', ...rest] = line.split(' ');
  if (kind === 'send') return { kind, at: BigInt(at), port: Number(first), bytes: Number(second) };
  return { kind: 'sync', at: BigInt(at), began: BigInt(first), ok: second === '0', path: rest.join(' ') };
}
