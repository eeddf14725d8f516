import type { Clock } from '../runtime/clock.js';

/** What opens the provider's capture for one customer, on its way to an external verification site. */
export interface SiteToken {
  readonly token: string;
  /** when it was asked for; times in epoch milliseconds */
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** Whose token it is. */
export interface TokenOwner {
  readonly organization: string;
  readonly id: string;
}

/**
 * Tokens between the job that has them made and the one that tells the site. In memory only, because whoever has one can
 * act for the customer: what a crash loses is made anew.
 */
export interface SiteTokens {
  /** whether one may be kept for this registration; not while too many of its organization wait */
  hasRoom(owner: TokenOwner): boolean;
  /** keeps it in place of an earlier one */
  keep(owner: TokenOwner, token: SiteToken): void;
  /** the newest, unless it is too old to be given to anybody */
  of(owner: TokenOwner): SiteToken | undefined;
  /** forgets this one, and no newer one that came meanwhile */
  forget(owner: TokenOwner, token: SiteToken): void;
}

/** Whoever opens the site afterwards still has half an hour of a token that lives for 90 minutes. */
const freshMs = 3_600_000;
/**
 * For each organization, so that one whose site is down takes nobody else's place. Beyond it no more are made rather than
 * the oldest forgotten: that one would be made anew when its turn comes, and so on for as long as the site is down.
 */
const most = 2_000;

/** Builds it, empty. */
export function createSiteTokens(clock: Clock): SiteTokens {
  const kept = new Map<string, Map<string, SiteToken>>();

  /** What an organization has waiting, without what is too old. */
  function waitingOf(organization: string): Map<string, SiteToken> {
    const waiting = kept.get(organization) ?? new Map<string, SiteToken>();
    kept.set(organization, waiting);
    const now = clock.now();
    for (const [id, token] of waiting) if (!isFresh(token, now)) waiting.delete(id);
    return waiting;
  }

  return {
    hasRoom({ organization, id }) {
      const waiting = waitingOf(organization);
      return waiting.has(id) || waiting.size < most;
    },
    keep: ({ organization, id }, token) => void waitingOf(organization).set(id, token),
    of({ organization, id }) {
      return waitingOf(organization).get(id);
    },
    forget({ organization, id }, token) {
      const waiting = kept.get(organization);
      if (waiting?.get(id) === token) waiting.delete(id);
    },
  };
}

/** One from the future was made before the machine's clock was set back: nobody knows how old it is. */
function isFresh({ askedAt, expiresAt }: SiteToken, now: number): boolean {
  return now >= askedAt && now < askedAt + freshMs && now < expiresAt;
}
