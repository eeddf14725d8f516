/** Sign-up and login at the demo's Kratos, the way a native app does them. */
import { CaseFault, callJson, type Parties } from '../simulate/parties.js';
import type { Sandbox } from './sandbox.js';
import { type VendorName, vendorWords } from './vendors.js';

interface FlowAnswer {
  readonly ui?: {
    readonly action: string;
    readonly messages?: readonly { readonly id: number; readonly text: string }[];
  };
  readonly session_token?: string;
}

/** A login's answer: nothing when there is a session, else what the login page would show. */
export interface Refused {
  readonly id: number;
  readonly text: string;
}

/** What a sign-up's hook was answered. */
export interface Initiated {
  readonly status?: string;
  readonly verification_url?: string;
}

const password = 'only for this demo';

async function submit(
  { kratos }: Sandbox,
  parties: Parties,
  flow: string,
  body: object,
): Promise<FlowAnswer> {
  const begun = await callJson<FlowAnswer>(parties, 'GET', `${kratos.publicUrl}/self-service/${flow}/api`);
  const action = begun.body.ui?.action ?? '';
  const { status, body: answer } = await callJson<FlowAnswer>(parties, 'POST', action, {
    method: 'password',
    password,
    ...body,
  });
  if (status === 200 || answer?.ui?.messages) return answer;
  throw new CaseFault(`the simulated Kratos answered the ${flow} with ${status}`);
}

/** Signs somebody up; answers what the hook was told. */
export async function signUp(sandbox: Sandbox, parties: Parties, email: string): Promise<Initiated> {
  await submit(sandbox, parties, 'registration', { traits: { email } });
  const call = sandbox.kratos.hookCalls.findLast(({ url }) => url.endsWith('/initiate'));
  return JSON.parse(call?.answer ?? '{}') as Initiated;
}

/** Logs somebody in; null when there is a session. */
export async function logIn(sandbox: Sandbox, parties: Parties, email: string): Promise<Refused | null> {
  const { session_token: token, ui } = await submit(sandbox, parties, 'login', { identifier: email });
  return token === undefined ? (ui?.messages?.[0] ?? { id: 0, text: '' }) : null;
}

/** The Kratos id of somebody who signed up. */
export function kratosIdOf({ kratos }: Sandbox, email: string): string | null {
  return [...kratos.identities.values()].find(({ traits }) => traits.email === email)?.id ?? null;
}

/** The status that a vendor's place on an identity has, or null. */
export function mirroredStatus({ kratos }: Sandbox, id: string | null, vendor: VendorName): string | null {
  const identity = id === null ? undefined : kratos.identities.get(id);
  const tree = identity?.[vendorWords[vendor].tree] as Record<string, { status?: string } | null> | null;
  return tree?.[vendor]?.status ?? null;
}
