/** Everything Ory calls or sends its customers to, as far as the configuration wants it. */
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.js';
import type { Organizations } from '../providers/organizations.js';
import { oryLegacyKeys } from '../providers/registry.js';
import { registerOryHooks } from '../registration/ory/hook-routes.js';
import type { OryParts } from '../registration/ory/ory-parts.js';
import { createResumeLinks, type ResumeLinks } from '../registration/ory/resume-links.js';
import { registerOrySession } from '../registration/ory/session-route.js';
import { createWhoami } from '../registration/ory/whoami.js';
import { createNetworkList } from '../runtime/addresses.js';
import type { Clock } from '../runtime/clock.js';
import { watchEventLoop } from '../runtime/event-loop.js';
import type { Log } from '../runtime/log.js';
import type { Outbound } from '../runtime/outbound.js';
import { knownOrganizations } from '../store/known-organizations.js';
import type { Store } from '../store/store.js';

export interface OryOptions {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly organizations: Organizations;
  readonly wake: () => void;
  readonly tried: (jobKey: string) => Promise<void>;
  /** speaks to Kratos' public API; null when none is configured */
  readonly sessionsOutbound: Outbound | null;
}

/** What the listeners register of it. */
export interface OryServing {
  addHooks(app: FastifyInstance, listener: 'public' | 'private'): Promise<void>;
  addSessions(app: FastifyInstance): Promise<void>;
  readonly resumeLinks: ResumeLinks;
}

/** Logins that would wait longer than this for their turn are told that nothing can be looked up. */
const longestTurnMs = 2_000;

/** Builds it; null where no organization serves Ory, or no secret proves who calls. */
export function createOry(options: OryOptions): OryServing | null {
  const { config, store, clock, organizations, log, wake, tried, sessionsOutbound } = options;
  const { ory: settings, urls, kratos } = config;
  const serves = organizations.all.some(organization => organization.settings.ory);
  if (!serves || settings.webhookSecrets.length === 0) return null;
  const parts: OryParts = { store, clock, organizations, settings, siteBase: urls.site, wake, tried };
  const hooks = {
    ...parts,
    everAsked: everAsked(store, organizations),
    legacyKeys: oryLegacyKeys,
    overloaded: watchEventLoop(clock, longestTurnMs),
    onFault: (err: unknown) => log.error({ err }, 'a login could not be looked up and was not let through'),
  };
  return {
    async addHooks(app, listener) {
      if (listener === 'public' && settings.hooks === 'private') return;
      const limited = listener === 'public' && settings.hookAddresses.length > 0;
      const allowsAddress = createNetworkList(settings.hookAddresses);
      await app.register(async scope =>
        registerOryHooks(scope, { ...hooks, ...(limited ? { allowsAddress } : {}) }),
      );
    },
    async addSessions(app) {
      if (kratos?.publicUrl === undefined || !sessionsOutbound) return;
      const whoami = createWhoami(kratos.publicUrl, sessionsOutbound);
      await app.register(async scope => registerOrySession(scope, { ...parts, whoami }));
    },
    resumeLinks: createResumeLinks(parts),
  };
}

/** A provider that is not served any more has declined for good all the same. */
function everAsked({ main }: Store, { all }: Organizations): string[] {
  const known = knownOrganizations(main).filter(({ ory }) => ory);
  const served = all.filter(({ settings }) => settings.ory);
  return [...new Set([...known.map(({ id }) => id), ...served.map(({ settings }) => settings.id)])];
}
