/** Jumio beside the usual vendors of a world, and what a person does on its page. */
import assert from 'node:assert/strict';
import {
  type JumioSimulator,
  type JumioSimulatorOptions,
  type OutcomeName,
  startJumioSimulator,
} from '../../../src/simulators/jumio/index.js';
import type { WorldOptions } from '../../support/world.js';

/** Unlike anything else, so that a leak is seen. */
export const secrets = {
  JUMIO_CLIENT_ID: 'client-7f3a',
  JUMIO_CLIENT_SECRET: 'Wq3zR8-jumio-client-secret-5tY',
};

/** What a world is started with for all its organizations to have Jumio; the simulator is there once it has started. */
export function jumioBeside(options: JumioSimulatorOptions = {}): {
  readonly options: Required<Pick<WorldOptions, 'secrets' | 'further'>>;
  sim(): JumioSimulator;
} {
  let running: JumioSimulator | undefined;
  return {
    sim() {
      assert.ok(running, 'the world has started');
      return running;
    },
    options: {
      secrets,
      async further({ clock, ca, reach }) {
        const { JUMIO_CLIENT_ID: clientId, JUMIO_CLIENT_SECRET: clientSecret } = secrets;
        const place = { clock, callbackCa: ca, rewriteCallbackUrl: reach };
        const sim = await startJumioSimulator({ ...place, clientId, clientSecret, ...options });
        running = sim;
        const jumio = { apiBase: sim.url, authUrl: sim.authUrl };
        return {
          organization: { provider: 'jumio', jumio },
          deliveries: sim.deliveries,
          settled: () => sim.settled(),
          close: () => sim.close(),
        };
      },
    },
  };
}

/** What a person does on Jumio's page; answers where it sends them afterwards. */
export async function finish(href: string, outcome: OutcomeName | '' = ''): Promise<string | null> {
  assert.equal((await fetch(href)).status, 200);
  const body = new URLSearchParams({ outcome });
  const picked = await fetch(href, { method: 'POST', body, redirect: 'manual' });
  return picked.headers.get('location');
}
