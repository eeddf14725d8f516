import type { ProviderSettings } from '../config/config.js';
import type { Clock } from '../runtime/clock.js';
import type { Outbound } from '../runtime/outbound.js';
import { createJumio } from './jumio/index.js';
import { jumioOry } from './jumio/ory.js';
import { createOnfido } from './onfido/index.js';
import { onfidoOry } from './onfido/ory.js';
import { createPersona } from './persona/index.js';
import { personaOry } from './persona/ory.js';
import type { OryWords, Provider } from './provider.js';

/** What adapters are built from. */
export interface ProviderDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** webhook secrets in force besides the configured ones, asked anew for each delivery */
  readonly tokens: () => readonly string[];
  /** a mark of this organization's, by which what it gave away is known again; 32 bytes */
  readonly sign: (purpose: string, text: string) => Buffer;
}

/** Builds an organization's provider. Connects to nothing yet. One the configuration knows and this does not would not compile. */
export function createProvider(settings: ProviderSettings, deps: ProviderDeps): Provider {
  switch (settings.provider) {
    case 'onfido':
      return createOnfido(settings, deps);
    case 'jumio':
      return createJumio(settings, deps);
    case 'persona':
      return createPersona(settings, deps);
  }
}

const oryWords: Readonly<Record<string, OryWords>> = {
  onfido: onfidoOry,
  jumio: jumioOry,
  persona: personaOry,
};

/** What a provider is called in Ory's world, or null when it has no place there. */
export function oryWordsOf(provider: string): OryWords | null {
  return Object.hasOwn(oryWords, provider) ? (oryWords[provider] ?? null) : null;
}

/** The flat keys under which the published setups kept a status, whichever of their providers is served here. */
export const oryLegacyKeys: readonly string[] = Object.values(oryWords).flatMap(
  words => words.legacyStatus ?? [],
);
