/** The load generator: a process of its own that does one turn after another, as it is told. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Note, Order, Turn } from './orders.js';
import { startLoad } from './paces.js';
import { createRequests } from './requests.js';
import { besiege } from './siege.js';
import { createTally } from './tally.js';

/** Requests made before a turn, so that signing them is no part of it: about what the fastest server answers. */
const preparedPerSecond = 12_000;

function tell(note: Note): void {
  process.send?.(note);
}

async function doTurn(turn: Turn): Promise<void> {
  const { target, pace, warmUpMs, measuredMs } = turn;
  const make = createRequests(turn.asked, pace.kind === 'fresh');
  const perSecond = pace.kind === 'open' ? pace.perSecond : preparedPerSecond;
  const prepared = Array.from({ length: Math.ceil(((warmUpMs + measuredMs) / 1000) * perSecond) }, make);
  const next = () => prepared.pop() ?? make();
  const tally = createTally(turn.alsoAnswers);
  let load: ReturnType<typeof startLoad> | undefined;
  await new Promise<void>(resolve => {
    load = startLoad(pace, { target, next, tally, onRunning: resolve });
  });
  await pause(warmUpMs);
  tally.begin();
  tell({ kind: 'begin' });
  await pause(measuredMs);
  tally.end();
  tell({ kind: 'end' });
  await load?.end();
  tell({ kind: 'report', report: tally.report() });
}

process.on('message', (order: Order) => {
  if (order.kind === 'end') process.exit(0);
  if (order.kind === 'turn') void doTurn(order);
  else void besiege(order).then(() => tell({ kind: 'held' }));
});
process.on('disconnect', () => process.exit(0));
