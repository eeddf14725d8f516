/**
 * `npm run test:fuzz -- --minutes M [--seed N]`: hostile input against a whole gateway over real sockets, and hostile text
 * to everything that reads some, in turns, for as long as wanted. Each attack has a seed of its own; those that drew blood are printed and can be repeated with `--seed`.
 */
import { parseArgs } from 'node:util';
import { parserProperties } from './parsers.js';
import { runAttacks } from './rounds.js';
import { startTarget } from './target.js';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 1);
const from = Number(values.seed ?? Date.now() % 1_000_000_000);
if (!(minutes > 0) || !Number.isInteger(from)) {
  process.stderr.write('use: test:fuzz -- --minutes 10 [--seed 42]\n');
  process.exit(2);
}

const target = await startTarget();
const end = performance.now() + minutes * 60_000;
const answers: Record<string, number> = {};
const batch = 2_000;
const textsAtOnce = 2_000;
let [done, wounds, most, texts] = [0, 0, 0, 0];

/** Texts to the parsers, while no attack is under way. */
function feedParsers(seed: number): void {
  for (const { name, check } of parserProperties)
    try {
      check(textsAtOnce, seed);
      texts += textsAtOnce;
    } catch (error) {
      wounds += 1;
      process.stdout.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
}

while (performance.now() < end) {
  const round = await runAttacks(target, { from: from + done, count: batch }, () => performance.now() < end);
  for (const [answer, count] of Object.entries(round.answers)) {
    answers[answer] = (answers[answer] ?? 0) + count;
    done += count;
  }
  for (const wound of round.wounds) process.stdout.write(`${JSON.stringify(wound)}\n`);
  wounds += round.wounds.length;
  feedParsers(from + texts);
  most = Math.max(most, process.memoryUsage().rss);
}
const good = (await target.deliver()).status;
const alive = (await target.private('GET', '/healthz')).status;
for (const line of target.errors) process.stdout.write(line);
const faults = wounds + target.errors.length + (good === 200 ? 0 : 1) + (alive === 200 ? 0 : 1);
process.stdout.write(`answers ${JSON.stringify(answers)}, at most ${Math.round(most / 1024 / 1024)} MB\n`);
process.stdout.write(`${texts} texts to ${parserProperties.length} parsers\n`);
process.stdout.write(`${done} attacks from seed ${from}, ${faults} faults\n`);
await target.close();
process.exit(faults === 0 ? 0 : 1);
