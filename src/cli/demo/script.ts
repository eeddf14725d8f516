/** The demo without a browser: one customer of each kind, over the real HTTP surfaces. */
import { createOutbound } from '../../runtime/create-outbound.js';
import type { Outbound } from '../../runtime/outbound.js';
import { alertsAfter } from '../../store/alerts.js';
import { findOryPerson } from '../../store/ory-people.js';
import { findRegistration } from '../../store/registrations.js';
import { askKiosk, lookUp, type RegistrationAnswer, register, waitForResult } from '../simulate/kiosk.js';
import { CaseFault, type Parties, waitFor } from '../simulate/parties.js';
import { goThrough, textsTo, waitForLink } from '../simulate/phone.js';
import type { Case, Standing } from './cases.js';
import { kratosIdOf, logIn, signUp } from './ory-flows.js';
import type { Sandbox } from './sandbox.js';
import { presets } from './settings.js';

/** A customer's case with what became of it. */
export interface CaseReport {
  readonly number: number;
  readonly asked: Case;
  /** undefined when the case broke off; then `fault` says why */
  readonly actual: Standing | undefined;
  readonly fault?: string;
  /** in what the actual standing differs from the expected one */
  readonly differences: readonly (keyof Standing)[];
  readonly ok: boolean;
}

/** Link and deadline are 90 minutes; a little more is certainly over. */
export const beyondDeadlineMs = 91 * 60_000;

/** The parties of a sandbox's organization. The caller closes the client. */
export function partiesOf(sandbox: Sandbox, organization: string, outbound: Outbound): Parties {
  return {
    outbound,
    gateway: sandbox.kioskUrl,
    key: sandbox.keys.get(organization) ?? '',
    onfido: sandbox.onfido.origin,
    twilio: sandbox.twilio.url,
  };
}

/** A client that trusts the certificate of the sandbox and no other. */
export function clientOf(sandbox: Sandbox): Outbound {
  return createOutbound({ allowPrivate: true, caFile: sandbox.certificate });
}

/**
 * Runs the cases one after the other and tells of each as it ends, until it is interrupted. Never throws for a case that
 * goes wrong.
 */
export async function runCases(
  sandbox: Sandbox,
  cases: readonly Case[],
  onReport: (report: CaseReport) => void,
  interrupted?: AbortSignal,
): Promise<CaseReport[]> {
  const outbound = clientOf(sandbox);
  const reports: CaseReport[] = [];
  try {
    for (const [index, asked] of cases.entries()) {
      if (interrupted?.aborted) break;
      const report = await runCase(sandbox, outbound, asked, index + 1);
      reports.push(report);
      onReport(report);
    }
  } finally {
    await outbound.close();
  }
  return reports;
}

async function runCase(
  sandbox: Sandbox,
  outbound: Outbound,
  asked: Case,
  number: number,
): Promise<CaseReport> {
  const parties = partiesOf(sandbox, asked.organization, outbound);
  const phone = phoneOf(number);
  try {
    if (asked.ory) return judged(number, asked, await signUpAtOry(sandbox, parties, asked, number));
    const { id } = await register(parties, { phone, language: 'en' });
    const link = await waitForLink(parties, phone);
    if (asked.outcome === null) await letTimePass(sandbox);
    else await goThrough(parties, link, asked.outcome);
    const ended = await waitForResult(parties, id);
    return judged(number, asked, await standingOf(sandbox, parties, phone, ended));
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { number, asked, actual: undefined, fault, differences: [], ok: false };
  }
}

/** Signs up at Ory, is refused at the login, goes through the check and logs in once more. */
async function signUpAtOry(
  sandbox: Sandbox,
  parties: Parties,
  { organization, outcome }: Case,
  number: number,
): Promise<Standing> {
  const vendor = presets.find(({ id }) => id === organization)?.provider ?? 'onfido';
  const email = `visitor${number}@example.net`;
  sandbox.checkWith(vendor);
  const begun = await signUp(sandbox, parties, email);
  if ((await logIn(sandbox, parties, email)) === null)
    throw new CaseFault('the login was let in before the check');
  await goThrough(parties, begun.verification_url ?? '', outcome ?? '');
  const { main } = sandbox.appliance.store;
  const found = await waitFor('the result', async () => {
    const person = findOryPerson(main, organization, kratosIdOf(sandbox, email) ?? '');
    const stored = person?.newest ? findRegistration(main, person.newest.id) : undefined;
    return person && stored?.registration.result ? { person, stored } : undefined;
  });
  const { registration } = found.stored;
  const refused = await logIn(sandbox, parties, email);
  return {
    result: registration.result ?? 'none',
    status: registration.status,
    identity: found.person.person.status,
    texts: [],
    again: refused === null ? 'let in' : 'refused',
    alert: isAlerted(sandbox, registration.id),
  };
}

/** Only when nothing is under way: moving the clock over running work would look as if that had taken so long. */
async function letTimePass({ appliance, clock }: Sandbox): Promise<void> {
  await appliance.runner.idle();
  clock.skip(beyondDeadlineMs);
}

/** A mobile number of the served country. No message leaves this machine. */
export function phoneOf(number: number): string {
  return `+420601${String(number).padStart(6, '0')}`;
}

async function standingOf(
  sandbox: Sandbox,
  parties: Parties,
  phone: string,
  ended: RegistrationAnswer,
): Promise<Standing> {
  const { id, result = 'none', status } = ended;
  const arrived = await textsTo(parties, phone);
  const kinds = ended.notices.filter(notice => notice.status !== 'skipped').map(({ kind }) => kind);
  const alert = isAlerted(sandbox, id);
  const again = await askAgain(parties, phone, id);
  const { identityStatus } = again === 'new' ? ended : await lookUp(parties, id);
  // a text that no notice knows of, or a notice that never arrived, must not go unnoticed
  const texts = kinds.length === arrived.length ? kinds : [...kinds, `${arrived.length} arrived`];
  return { result, status, identity: identityStatus, texts, again, alert };
}

function isAlerted({ appliance }: Sandbox, id: string): boolean {
  return alertsAfter(appliance.store.main, 0, 10_000).some(({ subject }) => subject === id);
}

async function askAgain(parties: Parties, phone: string, id: string): Promise<string> {
  const { status, body } = await askKiosk(parties, { phone });
  if (status === 201) return 'new';
  if (status === 200 && body.id === id) return 'same';
  return status === 409 && body.error?.code === 'rejected_final' ? 'refused' : `answered ${status}`;
}

/** Compares. */
export function judged(number: number, asked: Case, actual: Standing): CaseReport {
  const keys = Object.keys(asked.expected) as (keyof Standing)[];
  const differences = keys.filter(key => String(asked.expected[key]) !== String(actual[key]));
  return { number, asked, actual, differences, ok: differences.length === 0 };
}
