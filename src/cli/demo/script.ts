/** The demo without a browser: one customer of each kind, over the real HTTP surfaces. */
import { createOutbound } from '../../runtime/create-outbound.js';
import type { Outbound } from '../../runtime/outbound.js';
import { alertsAfter } from '../../store/alerts.js';
import { askKiosk, lookUp, type RegistrationAnswer, register, waitForResult } from '../simulate/kiosk.js';
import type { Parties } from '../simulate/parties.js';
import { goThrough, textsTo, waitForLink } from '../simulate/phone.js';
import type { Case, Standing } from './cases.js';
import type { Sandbox } from './sandbox.js';

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
  const alert = alertsAfter(sandbox.appliance.store.main, 0, 10_000).some(({ subject }) => subject === id);
  const again = await askAgain(parties, phone, id);
  const { identityStatus } = again === 'new' ? ended : await lookUp(parties, id);
  // a text that no notice knows of, or a notice that never arrived, must not go unnoticed
  const texts = kinds.length === arrived.length ? kinds : [...kinds, `${arrived.length} arrived`];
  return { result, status, identity: identityStatus, texts, again, alert };
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
