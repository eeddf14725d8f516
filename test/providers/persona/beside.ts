/** Persona beside the usual vendors of a world. */
import assert from 'node:assert/strict';
import {
  type PersonaSimulator,
  type PersonaSimulatorOptions,
  startPersonaSimulator,
} from '../../../src/simulators/persona/index.js';
import { hostname } from '../../support/installation.js';
import type { WorldOptions } from '../../support/world.js';

/** Unlike anything else, so that a leak is seen. */
export const secrets = {
  PERSONA_API_KEY: 'persona_production_Zq8-kfW2vR6t',
  PERSONA_WEBHOOK_SECRET: 'wbhsec_5tYbN3mQx9',
};

/** The template every organization uses. */
export const journeyTemplate = 'itmpl_Journey0001';

/** What a world is started with for its organizations to have Persona; the simulator is there once it has started. */
export function personaBeside(options: PersonaSimulatorOptions = {}): {
  readonly options: Required<Pick<WorldOptions, 'secrets' | 'further'>>;
  sim(): PersonaSimulator;
} {
  let running: PersonaSimulator | undefined;
  return {
    sim() {
      assert.ok(running, 'the world has started');
      return running;
    },
    options: {
      secrets,
      async further({ clock, ca, reach }) {
        const url = `https://${hostname}/persona/callback`;
        const sim = await startPersonaSimulator({
          clock,
          apiKeys: [secrets.PERSONA_API_KEY],
          templateIds: [journeyTemplate],
          webhook: { url, secrets: [secrets.PERSONA_WEBHOOK_SECRET] },
          webhookCa: ca,
          rewriteWebhookUrl: reach,
          ...options,
        });
        running = sim;
        const section = { apiBase: sim.url, templateId: journeyTemplate };
        return Object.assign(sim, { organization: { provider: 'persona', persona: section } });
      },
    },
  };
}
