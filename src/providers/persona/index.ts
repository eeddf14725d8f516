/**
 * Persona's adapter: one inquiry for each check, on Persona's hosted page.
 *
 * Persona keeps no applicants apart from inquiries. What the port calls the applicant is a reference of ours, one for
 * each registration, made here and sent as `reference-id`: all attempts of a registration share it, and Persona's own
 * account under it. The check's reference is the inquiry's id.
 */
import type { PersonaSettings } from '../../config/config.js';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound } from '../../runtime/outbound.js';
import type { Provider } from '../provider.js';
import { createClient } from './client.js';
import { describeDelivery } from './describe.js';
import { fetchInquiry } from './fetch.js';
import { newReference, requireReference } from './ids.js';
import { createInquiryMaker } from './inquiries.js';
import { interpretSnapshot } from './interpret.js';
import { downloadPhoto } from './media.js';
import { capturePage } from './places.js';
import { redactCustomer } from './redact.js';
import { openSession } from './sessions.js';
import { verifySignature } from './signature.js';
import { submitInquiry } from './submit.js';

export interface PersonaDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** webhook secrets in force besides the configured ones, asked anew for each delivery */
  readonly tokens: () => readonly string[];
}

/** @throws when a URL in the settings is none; the configuration has made sure that they are */
export function createPersona(settings: PersonaSettings, deps: PersonaDeps): Provider {
  const client = createClient(settings, deps);
  const parts = { client, maker: createInquiryMaker(client), settings };
  return {
    name: 'persona',
    page: capturePage(settings.apiBase),
    recordedOnly: true,
    verify: delivery =>
      verifySignature(delivery, [...settings.webhookTokens, ...deps.tokens()], deps.clock.now()),
    describe: describeDelivery,
    // Nothing is made at Persona before the customer comes, so nothing can be left behind there.
    createApplicant: async () => newReference(),
    async updateApplicant(ref) {
      requireReference(ref);
    },
    deleteApplicant: (ref, signal, checkRefs = []) => redactCustomer(client, ref, checkRefs, signal),
    openSession: (request, signal) => openSession(parts, request, signal),
    submit: (request, signal) => submitInquiry(client, request, signal),
    fetch: (ref, _workflow, signal) => fetchInquiry(client, ref, signal),
    interpret: snapshot => interpretSnapshot(snapshot, settings),
    // Whoever knows the template can make an inquiry under any reference: none proves that it is ours.
    owner: () => null,
    download: (media, signal) => downloadPhoto(client, settings.apiBase, media, signal),
    // Persona cannot be asked to repeat an event; inquiries are found by asking for them.
    resend: async () => {},
  };
}
