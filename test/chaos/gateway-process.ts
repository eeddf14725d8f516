/**
 * The real gateway as a process of its own, built from a real configuration folder, except that it ends as by SIGKILL at
 * the place it was told. It loads everything before it takes its orders, so that the next life can stand by.
 */
import { writeFileSync } from 'node:fs';
import { type Appliance, compose } from '../../src/compose.js';
import { loadConfig } from '../../src/config/load.js';
import { type Clock, systemClock } from '../../src/runtime/clock.js';
import type { Failpoint } from '../../src/runtime/failpoint.js';
import type { Orders, Word } from './orders.js';

function say(word: Word): void {
  process.send?.(word);
}

function endingOf({ ending }: Orders): { failpoint?: Failpoint } {
  if (!ending) return {};
  let left = ending.skip;
  return {
    failpoint(name) {
      if (name !== ending.at || left-- > 0) return;
      writeFileSync(ending.epitaph, name);
      process.kill(process.pid, 'SIGKILL');
    },
  };
}

async function begin(orders: Orders): Promise<Appliance> {
  const { config } = loadConfig({ env: orders.env, cwd: orders.cwd });
  const clock: Clock = { now: () => Date.now() + orders.aheadMs, after: systemClock.after };
  // the shortest pause before every retry: what is proven is that it is made good, not that it waits
  const options = { clock, random: () => 0, ...endingOf(orders) };
  const gateway = await compose({ ...config, times: { ...config.times, ...orders.times } }, options);
  await gateway.start();
  say({ kind: 'ready', ...gateway.addresses });
  return gateway;
}

let gateway: Promise<Appliance> | undefined;
process.on('message', (message: Orders | 'close') => {
  if (message !== 'close') {
    gateway = begin(message);
    gateway.catch(error => say({ kind: 'failed', error: error instanceof Error ? (error.stack ?? '') : '' }));
    return;
  }
  void gateway?.then(async running => {
    await running.close();
    say({ kind: 'closed' });
    process.disconnect();
  });
});
// whoever drives it is gone
process.on('disconnect', () => process.exit());
say({ kind: 'warm' });
