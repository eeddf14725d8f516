import assert from 'node:assert/strict';
import type { Outcome, OutcomeName, UploadWish } from '../../src/simulators/onfido/index.js';
import { call } from './call.js';
import { secrets } from './installation.js';
import type { Kiosk } from './kiosk.js';
import type { World } from './world.js';

/** One customer, as most of them go. */
export interface CustomerWish {
  readonly phone: string;
  readonly outcome?: OutcomeName | Outcome;
  readonly kiosk?: Kiosk;
  /** what the kiosk says beside the number */
  readonly body?: object;
  readonly consent?: boolean;
  readonly upload?: UploadWish;
  /** the link used: by default the one in the SMS */
  readonly link?: 'texted' | 'shown';
}

let last = 0;

/** A Czech mobile number that no other customer of this file has. */
export function newPhone(): string {
  last += 1;
  return `+42077712${String(last).padStart(4, '0')}`;
}

/** From the kiosk's request to the end of the capture. The provider has not spoken yet. Returns the registration's id. */
export async function capture(world: World, wish: CustomerWish): Promise<string> {
  const { id, verificationUrl } = await (wish.kiosk ?? world.kiosk).register({
    phone: wish.phone,
    ...wish.body,
  });
  await world.settle();
  const applicant = world.stored(id).row.applicant_ref;
  if (applicant && wish.outcome) world.onfido.decide(applicant, wish.outcome);
  const link = wish.link === 'shown' ? verificationUrl : world.textedLink(wish.phone);
  await world.customer(link).goThrough({
    ...(wish.consent === undefined ? {} : { consent: wish.consent }),
    ...(wish.upload === undefined ? {} : { upload: wish.upload }),
  });
  await world.settle();
  return id;
}

/** The same, and the provider's verdict. */
export async function verify(world: World, wish: CustomerWish): Promise<string> {
  const id = await capture(world, wish);
  await world.pass(2_000);
  return id;
}

/** The kinds of texts a number got, in order. */
export function kindsTo(world: World, phone: string): string[] {
  return world.texts(phone).map(({ kind }) => kind);
}

/** A customer for whose applicant somebody else makes a check at the provider. */
export async function checkedBySomebodyElse(world: World, phone: string) {
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const applicant = world.stored(id).row.applicant_ref ?? '';
  world.onfido.upload(applicant);
  const made = await call({ origin: world.onfido.origin }, 'POST', '/v3.6/checks', {
    headers: { authorization: `Token token=${secrets.ONFIDO_API_TOKEN}` },
    body: { applicant_id: applicant, report_names: ['document', 'facial_similarity_photo'] },
  });
  assert.equal(made.status, 201, made.text);
  return { id, applicant, checkRef: made.json<{ id: string }>().id };
}
