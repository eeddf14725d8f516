/** The adapter over the real guarded client, against the simulator on a loopback socket. */
import type { TestContext } from 'node:test';
import type { PersonaSettings } from '../../../src/config/config.js';
import { createPersona } from '../../../src/providers/persona/index.js';
import type { Provider, Session, SessionRequest } from '../../../src/providers/provider.js';
import { createOutbound } from '../../../src/runtime/create-outbound.js';
import {
  type PersonaSimulator,
  type PersonaSimulatorOptions,
  startPersonaSimulator,
} from '../../../src/simulators/persona/index.js';
import { TestClock } from '../../support/clock.js';

export const apiKey = 'persona_production_for-tests-only';
export const templateId = 'itmpl_Test0001';
export const webhookSecret = 'wbhsec_for_tests_only';

/** Settings as the configuration would build them. */
export const settings: PersonaSettings = {
  provider: 'persona',
  apiKey,
  apiBase: 'https://api.withpersona.com/api/v1',
  templateId,
  inquiryType: 'hosted-embedded',
  approveCompleted: false,
  prefill: true,
  webhookTokens: [],
  strictFace: false,
  trustApproved: false,
  trust: {},
};

export interface Workshop {
  readonly simulator: PersonaSimulator;
  readonly clock: TestClock;
  readonly persona: Provider;
  readonly build: (changes?: Partial<PersonaSettings>) => Provider;
  /** a new registration's reference, with a session opened for its first check */
  readonly open: (changes?: Partial<SessionRequest>) => Promise<Opened>;
}

export interface Opened {
  readonly reference: string;
  readonly session: Session;
  /** the inquiry's id */
  readonly ref: string;
}

/** A signal that nobody aborts. */
export const signal = new AbortController().signal;

/** Starts the simulator; all of it ends with the test. */
export async function openWorkshop(t: TestContext, options: PersonaSimulatorOptions = {}): Promise<Workshop> {
  const clock = new TestClock();
  const simulator = await startPersonaSimulator({
    clock,
    apiKeys: [apiKey, 'persona_sandbox_for-tests-only'],
    templateIds: [templateId, 'itmplv_Test0001', 'tmpl_Test0001'],
    ...options,
  });
  const outbound = createOutbound({ allowPrivate: true });
  t.after(async () => {
    await outbound.close();
    await simulator.close();
  });
  const build = (changes: Partial<PersonaSettings> = {}) =>
    createPersona({ ...settings, apiBase: simulator.url, ...changes }, { outbound, clock, tokens: () => [] });
  const persona = build();
  return {
    simulator,
    clock,
    persona,
    build,
    async open(changes = {}) {
      const reference =
        changes.applicantRef ?? (await persona.createApplicant({ firstName: 'A', lastName: 'B' }, signal));
      const session = await persona.openSession({ ...request(reference), ...changes }, signal);
      return { reference, session, ref: session.workflowRunId ?? '' };
    },
  };
}

/** A session's request as the site makes it. */
export function request(applicantRef: string): SessionRequest {
  return {
    applicantRef,
    checkId: 'chk_01-1',
    referrer: 'https://kyc.example.net/*',
    language: 'cs',
    returnUrl: 'https://kyc.example.net/v/link',
  };
}
