import Fastify, { type FastifyInstance } from 'fastify';
import { registerSite } from '../../src/site/routes.js';
import { aView, type FakeJourney, fakeJourney } from './fake-journey.js';

/** The site alone, as the public listener would carry it. */
export interface SiteApp {
  readonly app: FastifyInstance;
  readonly journey: FakeJourney;
}

export const siteUrl = 'https://kyc.operator.example';

/** Builds the site over a fake journey; close it with `app.close()`. */
export async function siteApp(
  changes: Parameters<typeof aView>[0] = {},
  settings: { perMinute?: number; siteUrl?: string } = {},
): Promise<SiteApp> {
  const journey = fakeJourney(aView(changes));
  const app = Fastify();
  await app.register(registerSite, { journey, siteUrl, perMinute: 1000, ...settings });
  return { app, journey };
}
