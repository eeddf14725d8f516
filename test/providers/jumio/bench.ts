/** The adapter over real sockets against the simulator, on one clock. */
import type { TestContext } from 'node:test';
import type { JumioSettings } from '../../../src/config/config.js';
import { createJumio } from '../../../src/providers/jumio/index.js';
import type { Provider, SessionRequest } from '../../../src/providers/provider.js';
import { createOutbound } from '../../../src/runtime/create-outbound.js';
import type { Outbound, OutboundRequest } from '../../../src/runtime/outbound.js';
import {
  type JumioSimulator,
  type JumioSimulatorOptions,
  startJumioSimulator,
} from '../../../src/simulators/jumio/index.js';
import { TestClock } from '../../support/clock.js';
import { applicantRef, checkId, settings, sign } from './fixtures.js';

export interface Bench {
  readonly clock: TestClock;
  readonly sim: JumioSimulator;
  readonly jumio: Provider;
  /** every request that left, in order */
  readonly sent: readonly OutboundRequest[];
  /** another adapter on the same account, as after a restart */
  rebuild(changes?: Partial<JumioSettings>, base?: JumioSettings): Provider;
  /** e.g. `['POST /accounts']`: what the simulator saw since the last time, without the token's calls */
  seen(): string[];
}

/** A signal that nobody aborts. */
export const signal = new AbortController().signal;

export const request: SessionRequest = {
  applicantRef,
  checkId,
  referrer: 'https://kyc.example.net/*',
  language: 'cs',
  returnUrl: 'https://kyc.example.net/v/AbCdEf',
};

/** Builds both; they end with the test. */
export async function openBench(t: TestContext, options: JumioSimulatorOptions = {}): Promise<Bench> {
  const clock = new TestClock();
  const { clientId, clientSecret } = settings;
  const sim = await startJumioSimulator({ clock, clientId, clientSecret, ...options });
  const real = createOutbound({ allowPrivate: true });
  t.after(async () => {
    await real.close();
    await sim.close();
  });
  const sent: OutboundRequest[] = [];
  const outbound: Outbound = {
    request(asked) {
      sent.push(asked);
      return real.request(asked);
    },
    close: () => real.close(),
  };
  const rebuild = (changes: Partial<JumioSettings> = {}, base = settings) =>
    createJumio(
      { ...base, apiBase: sim.url, authUrl: sim.authUrl, ...changes },
      { outbound, clock, tokens: () => [], sign },
    );
  let looked = 0;
  return {
    clock,
    sim,
    sent,
    rebuild,
    jumio: rebuild(),
    seen() {
      const calls = sim.calls.slice(looked).filter(({ path }) => path !== '/oauth2/token');
      looked = sim.calls.length;
      return calls.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')}`);
    },
  };
}
