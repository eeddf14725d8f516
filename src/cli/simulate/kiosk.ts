/** The kiosk's side of a case. */
import { type Answer, CaseFault, callJson, type Parties, waitFor } from './parties.js';

/** What of a registration's answer a case needs. */
export interface RegistrationAnswer {
  readonly id: string;
  readonly status: string;
  readonly verificationUrl: string;
  readonly identityStatus: string;
  readonly attempt: number;
  readonly result?: string;
  readonly reason?: string;
  readonly notices: readonly { readonly kind: string; readonly status: string }[];
}

interface Refusal {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** Asks for a customer, whatever the answer is. */
export async function askKiosk(
  parties: Parties,
  request: object,
): Promise<Answer<RegistrationAnswer & Refusal>> {
  return await callJson(parties, 'POST', `${parties.gateway}/api/v1/registrations`, request);
}

/** Asks for a customer who must be new. */
export async function register(parties: Parties, request: object): Promise<RegistrationAnswer> {
  const { status, body } = await askKiosk(parties, request);
  if (status === 201) return body;
  if (status === 200)
    throw new CaseFault(
      `this number has a registration already, which is ${body.status} (identity ${body.identityStatus}): take another number`,
    );
  throw new CaseFault(`the kiosk API refuses (${status}): ${body?.error?.message ?? 'without a reason'}`);
}

/** The registration as it stands. */
export async function lookUp(parties: Parties, id: string): Promise<RegistrationAnswer> {
  const { status, body } = await callJson<RegistrationAnswer>(
    parties,
    'GET',
    `${parties.gateway}/api/v1/registrations/${id}`,
  );
  if (status !== 200) throw new CaseFault(`the kiosk API does not tell about the registration (${status})`);
  return body;
}

const ends = ['decided', 'in_review', 'expired', 'failed'];

/** Waits until the registration has come to an end, or to another attempt, and every text about it was handed over. */
export async function waitForResult(parties: Parties, id: string, attempt = 1): Promise<RegistrationAnswer> {
  return await waitFor('the result', async () => {
    const answer = await lookUp(parties, id);
    const over = ends.includes(answer.status) || answer.attempt > attempt;
    const told = answer.notices.every(({ status }) => status !== 'queued');
    return over && told ? answer : undefined;
  });
}
