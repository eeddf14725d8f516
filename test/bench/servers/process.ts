/** Servers and generators as processes, and what the system knows of them. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** How a server is started. */
export interface ServerCommand {
  /** a compiled module, and its arguments */
  readonly module: URL;
  readonly args?: readonly string[];
  /** a compiled module that is loaded before it */
  readonly preload?: URL;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** where its output goes; overwritten */
  readonly output: string;
}

/** A server that runs. While it is halted it does nothing at all, so that another can be measured. */
export interface RunningServer {
  readonly port: number;
  /** the private listener's, where there is one */
  readonly privatePort: number;
  /** milliseconds from the start of the process until it said that it is ready */
  readonly readyMs: number;
  halt(): void;
  goOn(): void;
  /** user and system time so far, milliseconds */
  cpuMs(): number;
  residentMb(): number;
  stop(): Promise<void>;
}

const patienceMs = 120_000;
/** For whoever looks for what is slow, e.g. `--cpu-prof`. */
const nodeOptions = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [];

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** Starts one and waits until it says on its output where it listens. */
export async function startServer(command: ServerCommand): Promise<RunningServer> {
  const begun = performance.now();
  const output = openSync(command.output, 'w');
  const preload = command.preload ? ['--import', command.preload.href] : [];
  const given = [...nodeOptions, ...preload, command.module.pathname, ...(command.args ?? [])];
  const child = spawn(process.execPath, given, {
    cwd: command.cwd,
    env: { PATH: process.env.PATH, ...command.env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  alive.add(child);
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  void ended.then(() => alive.delete(child));
  const said = await untilSaid(child, command.output, /"public":"https:\/\/127\.0\.0\.1:\d+.*\n/);
  const portOf = (listener: string) =>
    Number(new RegExp(`"${listener}":"https?://127\\.0\\.0\\.1:(\\d+)`).exec(said)?.[1] ?? 0);
  const { pid } = child;
  return {
    port: portOf('public'),
    privatePort: portOf('private'),
    readyMs: performance.now() - begun,
    halt: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    cpuMs: () => cpuMsOf(pid ?? 0),
    residentMb: () => residentMbOf(pid ?? 0),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

async function untilSaid(child: ChildProcess, output: string, what: RegExp): Promise<string> {
  const limit = performance.now() + patienceMs;
  while (performance.now() < limit) {
    const said = readFileSync(output, 'utf8');
    if (what.test(said)) return said;
    if (child.exitCode !== null) throw new Error(`a server ended at once, saying: ${said.slice(0, 2000)}`);
    await pause(5);
  }
  throw new Error(`a server is not ready after ${patienceMs / 1000} s; its output is in ${output}`);
}

/** Waits until a server that nobody asks anything does nothing: until it takes less than a twentieth of a core. */
export async function untilCalm(server: RunningServer): Promise<void> {
  const limit = performance.now() + patienceMs;
  for (let before = -1; performance.now() < limit; ) {
    const now = server.cpuMs();
    if (before >= 0 && now - before < 50) return;
    before = now;
    await pause(1_000);
  }
  throw new Error(`a server is still busy with itself after ${patienceMs / 1000} s`);
}

/** Starts a load generator. */
export function startGenerator(): ChildProcess {
  const child = fork(new URL('../load/generator.js', import.meta.url).pathname);
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/** Clock ticks a second, in which the system counts times. */
const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** All threads together. Fields 14 and 15, counted behind the program's name, which may hold blanks. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

function residentMbOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? 0) / 1024;
}
