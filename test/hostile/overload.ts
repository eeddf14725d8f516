/**
 * `npm run test:overload -- --seconds 30`: 200 deliveries a second are admitted and 2,000 offered. Every 2xx must be kept,
 * the rest refused with 503 and `Retry-After`, and none left unanswered.
 */
import { parseArgs } from 'node:util';
import { flood } from './flood.js';
import { startTarget } from './target.js';

const { values } = parseArgs({ options: { seconds: { type: 'string' } } });
const seconds = Number(values.seconds ?? 30);
if (!(seconds > 0)) {
  process.stderr.write('use: test:overload -- --seconds 30\n');
  process.exit(2);
}

const target = await startTarget({ deliveriesPerSecond: 200 });
const result = await flood(target, { perSecond: 2_000, seconds });
const taken = result.answers[200] ?? 0;
const refused = result.answers[503] ?? 0;
const others = result.offered - taken - refused - result.unanswered;
const lost = taken - target.kept();
const { p50, p99 } = result;
process.stdout.write(
  `answers ${JSON.stringify(result.answers)}, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`,
);
process.stdout.write(
  `${result.offered} offered in ${(result.tookMs / 1000).toFixed(1)} s, ${taken} taken, ${lost} lost, ${refused} refused, ` +
    `${result.refusedWithoutRetryAfter} without Retry-After, ${result.unanswered} unanswered, ${others} others\n`,
);
await target.close();
const faults = lost + result.refusedWithoutRetryAfter + result.unanswered + others;
process.exit(faults === 0 && taken > 0 && refused > 0 ? 0 : 1);
