import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.js';
import type { EarlyReports } from '../effects/notices/early-reports.js';
import { registerStatusRoute } from '../effects/notices/status-route.js';
import type { SmsVendor } from '../effects/notices/vendors/vendor.js';
import type { Health } from '../http/health.js';
import { createListener } from '../http/server.js';
import { registerIntake } from '../intake/routes.js';
import type { Organizations } from '../providers/organizations.js';
import { registerKioskRoutes } from '../registration/kiosk-routes.js';
import { registerSubmitRoute } from '../registration/submit-route.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Log } from '../runtime/log.js';
import type { SiteJourney } from '../site/journey.js';
import { registerSite } from '../site/routes.js';
import type { Store } from '../store/store.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import type { TlsSource } from '../tls/tls-source.js';
import type { OryServing } from './ory.js';

/** What the listeners' routes are built from. */
export interface ListenerParts {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly inbox: InboxWriter;
  /** a delivery was kept */
  readonly onKept: () => void;
  /** a delivery for an organization could not be verified */
  readonly onDoubt: (organization: string) => void;
  readonly journey: SiteJourney;
  readonly vendor: SmsVendor;
  readonly earlyReports: EarlyReports;
  readonly health: Health;
  /** null when no organization serves Ory */
  readonly ory: OryServing | null;
  /** jobs were made */
  readonly wake: () => void;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The public listener: what providers and customers' phones need, and nothing else. */
export async function createPublicListener(parts: ListenerParts, tls: TlsSource): Promise<FastifyInstance> {
  const { config, store, clock, organizations, wake } = parts;
  const { limits, trustedProxies } = config;
  const app = createListener({ name: 'public', log: parts.log, limits, tls, trustedProxies });
  await app.register(async scope =>
    registerIntake(scope, {
      organizations,
      clock,
      inbox: parts.inbox,
      onKept: parts.onKept,
      onDoubt: parts.onDoubt,
      deliveryBytes: limits.deliveryBytes,
      deliveriesPerSecond: limits.deliveriesPerSecond,
      ...failpointOf(parts),
    }),
  );
  await app.register(async scope => registerSubmitRoute(scope, { store, clock, organizations, wake }));
  const statusUrl = `${config.urls.site}/sms/status`;
  await app.register(async scope =>
    registerStatusRoute(scope, {
      store,
      clock,
      vendor: parts.vendor,
      url: statusUrl,
      earlyReports: parts.earlyReports,
    }),
  );
  await registerSite(app, {
    journey: parts.journey,
    siteUrl: config.urls.site,
    perMinute: limits.perLinkMinute,
    ...(parts.ory ? { resumeLinks: parts.ory.resumeLinks } : {}),
  });
  await parts.ory?.addHooks(app, 'public');
  await parts.ory?.addSessions(app);
  return app;
}

/** The private listener: kiosks and whoever watches over the box. */
export async function createPrivateListener(
  parts: ListenerParts,
  tls: TlsSource | undefined,
): Promise<FastifyInstance> {
  const { config, store, clock, organizations, wake } = parts;
  const { limits, trustedProxies } = config;
  const app = createListener({
    name: 'private',
    log: parts.log,
    limits,
    trustedProxies,
    ...(tls === undefined ? {} : { tls }),
  });
  parts.health.addRoutes(app);
  await parts.ory?.addHooks(app, 'private');
  await app.register(async scope =>
    registerKioskRoutes(scope, {
      store,
      clock,
      organizations,
      wake,
      siteBase: config.urls.site,
      totalDaily: config.sms.totalDaily,
      ...failpointOf(parts),
    }),
  );
  return app;
}

function failpointOf({ failpoint }: ListenerParts): { failpoint?: Failpoint } {
  return failpoint ? { failpoint } : {};
}
