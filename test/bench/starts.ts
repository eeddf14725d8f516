import type { Installation } from '../support/installation.js';
import type { Generator } from './measure.js';
import { deliveryPath, makeBox, webhookToken } from './servers/box.js';
import { startContestant } from './servers/contestants.js';
import { ratioSpread, spreadOf } from './statistics.js';
import { figure, printJudged, printTable, say, spreadText } from './table.js';

/** From the start of the process to the first delivery answered, for an empty box and for the one given, in turns. */
export async function measureStarts(
  { box, checks }: { box: Installation; checks: number },
  rounds: number,
  generator: Generator,
): Promise<void> {
  const empty: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const fresh = await makeBox();
    empty.push(await startOnce(fresh, generator));
    fresh.remove();
    full.push(await startOnce(box, generator));
  }
  say(`\nstart to first answer, ${rounds} starts each: median (least..most)`);
  printTable(
    ['', 'ms'],
    [
      ['an empty box', spreadText(spreadOf(empty))],
      [`with ${figure(checks)} checks`, spreadText(spreadOf(full))],
    ],
  );
  printJudged([{ what: 'full / empty', spread: ratioSpread(full, empty), expected: { atMost: 1.5 } }]);
}

async function startOnce(box: Installation, generator: Generator): Promise<number> {
  const begun = performance.now();
  const { server } = await startContestant('a', box);
  await generator.turn(server, {
    target: { port: server.port, tls: true },
    asked: { kind: 'deliveries', path: deliveryPath, token: webhookToken },
    pace: { kind: 'fresh', connections: 1 },
    warmUpMs: 0,
    measuredMs: 1,
  });
  const ms = performance.now() - begun;
  await server.stop();
  return ms;
}
