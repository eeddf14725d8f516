import { listClosedReceivers } from '../store/closed-receivers.js';
import type { Db } from '../store/db.js';
import { type JobRow, listJobs, retryDeadJobs } from '../store/jobs.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { withInstallation } from './open-installation.js';
import { moment, table } from './table.js';

const states = ['ready', 'running', 'done', 'dead'];

/** `gatehouse jobs`: what is being worked on, and what was given up. */
export const command: Command = {
  name: 'jobs',
  summary: 'Look at jobs and retry those given up',
  usage:
    'jobs list [--state ready|running|done|dead] [--kind KIND] [--limit N] [--json]\njobs retry ID\njobs retry --kind KIND [--since TIME] [--until TIME]',
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      description: 'only those in this state (default: all but done)',
    },
    kind: { type: 'string', value: 'KIND', description: 'only those of this kind' },
    since: {
      type: 'string',
      value: 'TIME',
      description: 'given up at this time or later, e.g. 2026-05-01T12:00Z',
    },
    until: { type: 'string', value: 'TIME', description: 'given up at this time or earlier' },
    limit: { type: 'string', value: 'N', description: 'at most so many (default 50)' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  maxPositionals: 2,
  async run(input) {
    const [action, id] = input.positionals;
    if (action === 'list' && id === undefined) return await list(input);
    if (action === 'retry') return await retry(input, id);
    throw new WrongUse('say what to do: jobs list, or jobs retry');
  },
};

async function list(input: CommandInput): Promise<number> {
  const { state, kind, limit } = input.values;
  if (typeof state === 'string' && !states.includes(state))
    throw new WrongUse(`states are ${states.join(', ')}`);
  const most = typeof limit === 'string' ? Number(limit) : 50;
  if (!Number.isInteger(most) || most < 1 || most > 10_000)
    throw new WrongUse('--limit is a number from 1 to 10000');
  return await withInstallation(input, ({ store }) => {
    const filter = {
      limit: most,
      ...(typeof state === 'string' ? { state } : { except: 'done' }),
      ...(typeof kind === 'string' ? { kind } : {}),
    };
    const jobs = listJobs(store.main, filter);
    if (input.values.json === true) {
      input.stdout.write(`${JSON.stringify(jobs, null, 2)}\n`);
      return done;
    }
    input.stdout.write(closedReceivers(store.main));
    if (jobs.length === 0) input.stdout.write('There is nothing to do.\n');
    else
      input.stdout.write(
        table(['id', 'kind', 'state', 'attempts', 'due (UTC)', 'last error'], jobs.map(rowOf)),
      );
    return done;
  });
}

/** What explains that jobs are due and not done. */
function closedReceivers(db: Db): string {
  const lines = listClosedReceivers(db).map(
    ({ name, closed_at: since, closed_until: until, last_error: error }) =>
      `${name} does not answer since ${moment(since)} (${error}): its jobs wait, the next try is at ${moment(until)} (UTC).\n`,
  );
  return lines.length === 0 ? '' : `${lines.join('')}\n`;
}

function rowOf(job: JobRow): string[] {
  return [
    String(job.id),
    job.kind,
    job.state,
    String(job.attempts),
    moment(job.run_at),
    job.last_error ?? '',
  ];
}

async function retry(input: CommandInput, id: string | undefined): Promise<number> {
  const { kind } = input.values;
  const which = {
    ...(id === undefined ? {} : { id: wholeNumber(id) }),
    ...(typeof kind === 'string' ? { kind } : {}),
    ...time(input, 'since'),
    ...time(input, 'until'),
  };
  if (Object.keys(which).length === 0)
    throw new WrongUse('say which: jobs retry ID, or jobs retry --kind KIND');
  return await withInstallation(input, ({ store }) => {
    const retried = retryDeadJobs(store.main, which, Date.now());
    input.stdout.write(`${retried} ${retried === 1 ? 'job' : 'jobs'} will be tried again.\n`);
    return retried > 0 ? done : failed;
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new WrongUse('a job’s id is a number: see jobs list');
  return Number(text);
}

function time(input: CommandInput, name: 'since' | 'until'): { since?: number; until?: number } {
  const given = input.values[name];
  if (typeof given !== 'string') return {};
  const at = Date.parse(given);
  if (Number.isNaN(at)) throw new WrongUse(`--${name} is a time such as 2026-05-01T12:00Z`);
  return { [name]: at };
}
