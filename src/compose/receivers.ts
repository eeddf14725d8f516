/** What each receiver of jobs takes, and the clients whose requests count against it. */
import type { Config, Organization } from '../config/config.js';
import type { ReceiverLimits } from '../jobs/receivers.js';
import { isLoopbackAddress } from '../runtime/addresses.js';
import type { Clock } from '../runtime/clock.js';
import type { Outbound } from '../runtime/outbound.js';
import { countRequests, createTokenBucket, type RequestCounter } from '../runtime/token-bucket.js';

/** The limits of every receiver. */
export interface ReceiverBook {
  limitsOf(receiver: string): ReceiverLimits;
  /** the client with every request counted, whoever makes it */
  count(receiver: string, outbound: Outbound): Outbound;
}

interface Pace {
  readonly perMinute: number;
  /** requests that may be made at once after a quiet time; with those of a minute they stay below the receiver's own limit */
  readonly burst: number;
  readonly concurrent: number;
}

/**
 * Onfido allows 400 requests a minute in production unless contracted otherwise, and 30 in the sandbox. Nobody else we
 * speak to says a number for accounts of any size.
 */
const usual: Pace = { perMinute: 300, burst: 60, concurrent: 4 };
const sandbox: Pace = { perMinute: 25, burst: 5, concurrent: 1 };

/** Verification sites and whatever else has no pace. */
const places = 4;

/** Builds the book. */
export function createReceiverBook(config: Config, clock: Clock): ReceiverBook {
  const limits = new Map<string, ReceiverLimits>();
  const counters = new Map<string, RequestCounter>();
  const add = (names: readonly string[], pace: Pace | null) => {
    let answers = 0;
    const bucket = pace && createTokenBucket(pace, clock);
    const shared: ReceiverLimits = {
      account: names.join(', '),
      concurrent: pace?.concurrent ?? places,
      ...(bucket ? { bucket } : {}),
      answers: () => answers,
    };
    const counter: RequestCounter = {
      asked: () => bucket?.take(),
      answered: () => {
        answers += 1;
      },
    };
    for (const name of names) {
      limits.set(name, shared);
      counters.set(name, counter);
    }
  };
  for (const organizations of byAccount(config.organizations))
    add(organizations.map(receiverOf), paceOfProvider(organizations));
  for (const { id } of config.organizations) add([siteOf(id)], null);
  if (config.sms.vendor === 'twilio') add(['sms'], paceAt(config.sms.twilio.apiBase));
  if (config.kratos) add(['kratos'], paceAt(config.kratos.adminUrl));

  return {
    limitsOf: receiver => limits.get(receiver) ?? { account: receiver, concurrent: places },
    count(receiver, outbound) {
      const counter = counters.get(receiver);
      return counter ? countRequests(outbound, counter) : outbound;
    },
  };
}

/** The name of an organization's provider as a receiver of jobs. */
export function receiverOf({ id, provider }: Organization): string {
  return `${provider.provider}:${id}`;
}

/** The name of an organization's external verification site as a receiver of jobs. */
export function siteOf(organization: string): string {
  return `site:${organization}`;
}

/** Organizations whose provider takes them for one customer: its limits hold for all of them together. */
function byAccount(organizations: readonly Organization[]): Organization[][] {
  const accounts = new Map<string, Organization[]>();
  for (const organization of organizations) {
    const { provider, id } = organization;
    const key =
      provider.provider === 'onfido' ? `${provider.apiBase} ${provider.apiToken}` : `organization ${id}`;
    accounts.set(key, [...(accounts.get(key) ?? []), organization]);
  }
  return [...accounts.values()];
}

function paceOfProvider([organization]: readonly Organization[]): Pace | null {
  if (!organization) return null;
  const { provider } = organization;
  const { requestsPerMinute } = provider;
  const isSandbox = provider.provider === 'onfido' && provider.apiToken.startsWith('api_sandbox');
  if (requestsPerMinute === undefined)
    return isSandbox ? paceAt(provider.apiBase, sandbox) : paceAt(provider.apiBase);
  const burst = Math.max(1, Math.floor(requestsPerMinute / 5));
  return {
    perMinute: requestsPerMinute,
    burst,
    concurrent: isSandbox ? sandbox.concurrent : usual.concurrent,
  };
}

/** A vendor's limits hold at the vendor; what answers on this very machine is a stand-in or the operator's own. */
function paceAt(base: string, pace: Pace = usual): Pace | null {
  const host = new URL(base).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isLoopbackAddress(host) ? null : pace;
}
