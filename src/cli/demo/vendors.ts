/** The simulated identity providers of the demo, and what each is called in words and in settings. */
import type { JumioSimulator } from '../../simulators/jumio/index.js';
import { startJumioSimulator } from '../../simulators/jumio/index.js';
import type { OnfidoSimulator } from '../../simulators/onfido/index.js';
import { startOnfidoSimulator } from '../../simulators/onfido/index.js';
import type { PersonaSimulator } from '../../simulators/persona/index.js';
import { startPersonaSimulator } from '../../simulators/persona/index.js';
import type { MovableClock } from './movable-clock.js';

export const vendorNames = ['onfido', 'jumio', 'persona'] as const;
export type VendorName = (typeof vendorNames)[number];

/** What is particular to a vendor in the demo. */
export interface VendorWords {
  readonly title: string;
  /** what its simulator calls an end at which all is well */
  readonly clear: string;
  /** where its object stands on a Kratos identity */
  readonly tree: 'metadata_public' | 'metadata_admin';
}

export const vendorWords: Readonly<Record<VendorName, VendorWords>> = {
  onfido: { title: 'Onfido', clear: 'clear', tree: 'metadata_public' },
  jumio: { title: 'Jumio', clear: 'passed', tree: 'metadata_public' },
  persona: { title: 'Persona', clear: 'approved', tree: 'metadata_admin' },
};

export interface Vendors {
  readonly onfido: OnfidoSimulator;
  readonly jumio: JumioSimulator;
  readonly persona: PersonaSimulator;
}

/** The name in the certificate. */
export const demoHostname = 'demo.example.net';

/** Jumio refuses URLs with a port or an address, so it is told this one; its simulator is led to the demo's page. */
export const jumioPublicUrl = `https://${demoHostname}`;

export const personaTemplate = 'itmpl_Demo0001';
export const personaWebhookSecret = 'wbhsec_only_for_this_demo';

export interface VendorOptions {
  readonly clock: MovableClock;
  /** the certificate of the demo's page, once there is one */
  readonly ca: () => string;
  /** the demo's page */
  readonly front: string;
  /** how long a check takes them */
  readonly completeAfterMs: number;
  readonly add: (what: string, close: () => Promise<void>) => void;
}

/** Starts all three on free ports of this machine alone. */
export async function startVendors(options: VendorOptions): Promise<Vendors> {
  const { clock, ca, front, completeAfterMs, add } = options;
  const onfido = await startOnfidoSimulator({ clock, completeAfterMs, webhookCa: ca });
  add('Onfido', () => onfido.close());
  const toFront = (url: string) => url.replace(jumioPublicUrl, front);
  const jumio = await startJumioSimulator({
    clock,
    processAfterMs: completeAfterMs,
    callbackCa: ca,
    rewriteCallbackUrl: toFront,
    rewriteReturnUrl: toFront,
  });
  add('Jumio', () => jumio.close());
  const persona = await startPersonaSimulator({
    clock,
    decideAfterMs: completeAfterMs,
    templateIds: [personaTemplate],
    webhook: { url: `${front}/persona/callback`, secrets: [personaWebhookSecret] },
    webhookCa: ca,
  });
  add('Persona', () => persona.close());
  return { onfido, jumio, persona };
}
