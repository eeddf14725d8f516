/**
 * The crash test by command; exit code 1 when anything did not hold.
 *
 *     npm run test:chaos -- --kills N      SIGKILL, at random moments and at each failpoint in turn
 *     npm run test:chaos -- --power N      the same, and with each kill the power goes: what nobody synced is lost
 *     npm run test:chaos -- --upstream N   no kills: N customers while the vendors fail in every way they can
 *
 * What was to happen and never did is counted as wrong: a failpoint at which nothing died in two rounds of all ways to
 * die, a way to fail that no vendor showed to 30 customers. `--seed S` repeats the choices of an earlier run, `--minutes M` ends it early.
 */
import { parseArgs } from 'node:util';
import { placesMissed, runCampaign } from './campaign.js';
import type { Judgement } from './oracle.js';
import { modesMissed, runUpstream } from './upstream.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    power: { type: 'string' },
    upstream: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '60' },
  },
});
/** Of fewer it cannot be expected that they meet everything. */
const fewCustomers = 30;
const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
const seed = Number(values.seed);
const hasTime = () => Date.now() - began < Number(values.minutes) * 60_000;

function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([what, times]) => `${what} ${times}`).join(', ');
}

async function kill(
  what: string,
  kills: number,
  power: object,
): Promise<Judgement & { log: string; done: string }> {
  const onProgress = (so: number) => console.log(`${so} ${what} in ${seconds()} s`);
  const result = await runCampaign({ kills, seed, hasTime, onProgress, ...power });
  console.log(`where it ended: ${listed(result.died)}`);
  console.log(`seed ${seed}: ${result.customers} customers, ${result.deliveries} deliveries, ${seconds()} s`);
  const missed = placesMissed(result.kills, result.died).map(name => `the gateway never died at ${name}`);
  return { ...result, wrong: [...result.wrong, ...missed], done: `${result.kills} ${what}` };
}

async function spoil(customers: number): Promise<Judgement & { log: string; done: string }> {
  const result = await runUpstream({ customers, seed, hasTime });
  console.log(`what went wrong: ${listed(result.faults)}`);
  console.log(`seed ${seed}: ${seconds()} s`);
  const expected = result.customers >= fewCustomers ? modesMissed(result.faults) : [];
  const missed = expected.map(mode => `this never happened at any vendor: ${mode}`);
  return { ...result, wrong: [...result.wrong, ...missed], done: `${result.customers} customers` };
}

const { lost, repeated, wrong, log, done } =
  values.upstream !== undefined
    ? await spoil(Number(values.upstream))
    : values.power !== undefined
      ? await kill('power cuts', Number(values.power), { power: { early: 30 } })
      : await kill('kills', Number(values.kills ?? 40), {});
for (const [kind, findings] of Object.entries({ lost, repeated, wrong }))
  for (const finding of findings.slice(0, 40)) console.log(`${kind}: ${finding}`);
if (lost.length + repeated.length + wrong.length > 0) {
  console.log(`the end of the gateway's log:\n${log}`);
  process.exitCode = 1;
}
console.log(`${done}, ${lost.length} lost, ${repeated.length} repeated, ${wrong.length} wrong`);
