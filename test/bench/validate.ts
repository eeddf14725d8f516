/** How long a login waits for the gate at Ory's hook, in a box that knows very many people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestText } from './load/requests.js';
import { createGenerator, type Sample } from './measure.js';
import { type OryPersonSample, seedOryPeople } from './seed/ory.js';
import { hookSecret, makeOryBox } from './servers/box.js';
import { startServer } from './servers/process.js';
import { type Histogram, merged, percentile, spreadOf } from './statistics.js';
import { figure, printJudged, printTable, say, spreadText } from './table.js';

export interface ValidateOptions {
  readonly people: number;
  readonly rounds: number;
  readonly seconds: number;
}

const route = '/onfido/validate';
const connections = 16;
const perSecond = 500;

const paces = [
  {
    title: `${perSecond} a second on ${connections} connections, counted from when each was due`,
    pace: { kind: 'open', connections, perSecond },
  },
  {
    title: 'one connection, the next when the last was answered',
    pace: { kind: 'closed', connections: 1 },
  },
] as const;

/** Prints; asserts nothing. */
export async function measureValidate({ people, rounds, seconds }: ValidateOptions): Promise<void> {
  const box = await makeOryBox();
  const sample = seedOryPeople(box, people, done =>
    process.stderr.write(`  filling: ${figure(done)} people \r`),
  );
  const timesFile = join(box.dir, 'server-time.json');
  const server = await startServer({
    module: new URL('../../src/main.js', import.meta.url),
    args: ['start'],
    preload: new URL('./servers/server-time.js', import.meta.url),
    cwd: box.dir,
    env: { ...box.env, BENCH_SERVER_TIME: timesFile, BENCH_ROUTE: route },
    output: join(box.dir, 'gateway.log'),
  });
  const generator = createGenerator();
  const target = { port: server.privatePort, tls: false };
  const asked = { kind: 'requests', texts: sample.map(questionAbout) } as const;
  const measured = new Map<string, Sample[]>(paces.map(({ title }) => [title, []]));
  for (let round = 0; round < rounds; round++)
    for (const { title, pace } of paces)
      measured.get(title)?.push(
        await generator.turn(server, {
          target,
          asked,
          pace,
          alsoAnswers: [403],
          warmUpMs: 1_000,
          measuredMs: seconds * 1_000,
        }),
      );
  generator.end();
  await server.stop();
  report(people, measured, JSON.parse(readFileSync(timesFile, 'utf8')) as Histogram, { rounds, seconds });
  box.remove();
}

/** A login of somebody, as Kratos tells of it with the shipped template. */
function questionAbout({ kratosId, word }: OryPersonSample): string {
  const headers = {
    host: '127.0.0.1',
    authorization: `Bearer ${hookSecret}`,
    'content-type': 'application/json',
  };
  const body = { identity_id: kratosId, metadata_public: { onfido: { status: word } } };
  return requestText('POST', route, headers, JSON.stringify(body));
}

function report(
  people: number,
  measured: ReadonlyMap<string, readonly Sample[]>,
  times: Histogram,
  { rounds, seconds }: Pick<ValidateOptions, 'rounds' | 'seconds'>,
): void {
  say(`\nPOST ${route} of ${figure(people)} people, gate: approved; ${rounds} rounds of ${seconds} s each`);
  const rows = [...measured].map(([title, all]) => {
    const latencies = merged(all.map(({ report: { latencies: each } }) => each));
    const count = (status: number) =>
      all.reduce((sum, { report: { statuses } }) => sum + (statuses[status] ?? 0), 0);
    return [
      title,
      spreadText(spreadOf(all.map(sample => sample.perSecond))),
      ...[0.5, 0.99, 0.999].map(share => figure(percentile(latencies, share))),
      figure(spreadOf(all.map(({ cpuUs }) => cpuUs)).median),
      `${Math.round((100 * count(200)) / (count(200) + count(403)))} %`,
      String(all.reduce((sum, { report: { failures } }) => sum + failures, 0)),
    ];
  });
  printTable(['', 'answers/s', 'p50 ms', 'p99', 'p99.9', 'CPU µs each', 'let in', 'failed'], rows);
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map(share => percentile(times, share));
  say(
    `  inside the server, from the request's headers to the answer: p50 ${figure(p50 ?? 0)} ms, p99.9 ${figure(p999 ?? 0)} ms`,
  );
  const spread = { min: p99 ?? 0, median: p99 ?? 0, max: p99 ?? 0 };
  say();
  printJudged([{ what: 'server time, p99, ms', spread, expected: { atMost: 5 } }]);
}
