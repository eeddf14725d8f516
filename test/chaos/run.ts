/**
 * The crash test by command; exit code 1 when anything did not hold.
 *
 *     npm run test:chaos -- --kills N   SIGKILL, at random moments and at each failpoint in turn
 *     npm run test:chaos -- --power N   the same, and with each kill the power goes: what nobody synced is lost
 *
 * `--seed S` repeats the choices of an earlier run, `--minutes M` ends it early.
 */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    power: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '60' },
  },
});
const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
const seed = Number(values.seed);
const what = values.power === undefined ? 'kills' : 'power cuts';
const result = await runCampaign({
  kills: Number(values.power ?? values.kills ?? 40),
  seed,
  ...(values.power === undefined ? {} : { power: { early: 30 } }),
  hasTime: () => Date.now() - began < Number(values.minutes) * 60_000,
  onProgress: kills => console.log(`${kills} ${what} in ${seconds()} s`),
});
const places = Object.entries(result.died).map(([place, times]) => `${place} ${times}`);
console.log(`where: ${places.join(', ')}`);
console.log(
  `seed ${seed}: ${result.customers} customers and ${result.deliveries} deliveries in ${seconds()} s`,
);
const { lost, repeated, wrong } = result;
for (const [kind, findings] of Object.entries({ lost, repeated, wrong }))
  for (const finding of findings.slice(0, 40)) console.log(`${kind}: ${finding}`);
if (lost.length + repeated.length + wrong.length > 0) {
  console.log(`the end of the gateway's log:\n${result.log}`);
  process.exitCode = 1;
}
console.log(
  `${result.kills} ${what}, ${lost.length} lost, ${repeated.length} repeated, ${wrong.length} wrong`,
);
