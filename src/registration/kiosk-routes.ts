/** The kiosk API, on the private listener. A key belongs to one organization; what is another's does not exist. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { AppError } from '../runtime/app-error.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { findRegistration, type StoredRegistration } from '../store/registrations.js';
import type { KiosksTable } from '../store/schema.js';
import type { Store } from '../store/store.js';
import { createRegistration } from './create-registration.js';
import { createEventStreams } from './event-stream.js';
import { demandKiosk } from './kiosk-key.js';
import { lookUpIdentity } from './look-up-identity.js';
import { openApiDocument } from './openapi.js';
import { refusals } from './refusals.js';
import { kioskLink, representRegistration } from './represent.js';
import { resendLink } from './resend-link.js';
import { lookupRequest, registrationRequest } from './schemas.js';

export interface KioskRoutesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly siteBase: string;
  readonly totalDaily: number;
  /** jobs were made */
  readonly wake: () => void;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

interface Caller {
  readonly kiosk: KiosksTable;
  readonly organization: ServedOrganization;
}

type ById = { Params: { id: string } };

/** Registers `/api/v1/…`. */
export function registerKioskRoutes(app: FastifyInstance, options: KioskRoutesOptions): void {
  const { store, clock, siteBase, totalDaily } = options;
  const streams = createEventStreams(store.main, clock);
  app.addHook('preClose', async () => streams.endAll());
  app.get('/api/v1/openapi.json', async () => openApiDocument());

  app.post('/api/v1/registrations', async (request, reply) => {
    const { kiosk, organization } = callerOf(options, request);
    const body = registrationRequest.parse(request.body);
    const { failpoint } = options;
    const asked = { kioskId: kiosk.id, organization, body, ...(failpoint ? { failpoint } : {}) };
    const { created, stored } = createRegistration(store, asked, totalDaily, clock.now());
    failpoint?.('registration.committed');
    if (created) options.wake();
    return reply.code(created ? 201 : 200).send(representRegistration(store, stored, siteBase));
  });

  app.get<ById>('/api/v1/registrations/:id', async request => {
    const { stored } = registrationOf(options, request);
    return representRegistration(store, stored, siteBase);
  });

  app.get<ById>('/api/v1/registrations/:id/qr.svg', async (request, reply) => {
    const { stored } = registrationOf(options, request);
    const svg = await QRCode.toString(kioskLink(store, stored, siteBase), {
      type: 'svg',
      errorCorrectionLevel: 'M',
    });
    return reply.type('image/svg+xml').header('cache-control', 'no-store').send(svg);
  });

  app.post<ById>('/api/v1/registrations/:id/resend', async request => {
    const { stored, organization } = registrationOf(options, request);
    const resent = resendLink(store, stored, organization, totalDaily, clock.now());
    options.wake();
    return representRegistration(store, resent, siteBase);
  });

  app.get<ById>('/api/v1/registrations/:id/events', (request, reply) => {
    const { stored } = registrationOf(options, request);
    streams.open(request, reply, stored.row.id);
  });

  app.post('/api/v1/identities/lookup', async request => {
    const { organization } = callerOf(options, request);
    return lookUpIdentity(store, organization, lookupRequest.parse(request.body));
  });
}

function callerOf(options: KioskRoutesOptions, request: FastifyRequest): Caller {
  const kiosk = demandKiosk(options.store.main, request);
  const organization = options.organizations.find(kiosk.organization);
  if (!organization)
    throw new AppError('organization_gone', 403, 'The organization of this key is no longer configured.');
  return { kiosk, organization };
}

function registrationOf(
  options: KioskRoutesOptions,
  request: FastifyRequest<ById>,
): Caller & { stored: StoredRegistration } {
  const caller = callerOf(options, request);
  const stored = findRegistration(options.store.main, request.params.id);
  if (!stored || stored.row.organization !== caller.organization.settings.id)
    throw refusals.unknownRegistration();
  return { ...caller, stored };
}
