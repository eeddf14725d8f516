/** What has really happened to one customer so far, gathered from the store and from the simulators' records. */
import { results } from '../../domain/results.js';
import { phoneContext } from '../../registration/create-registration.js';
import { open } from '../../runtime/keyring.js';
import type { TwilioMessage } from '../../simulators/twilio/index.js';
import { sql } from '../../store/db.js';
import { findIdentity } from '../../store/identities.js';
import { findRegistration, type StoredRegistration } from '../../store/registrations.js';
import { mirroredStatus } from './ory-flows.js';
import type { Sandbox } from './sandbox.js';
import { presets } from './settings.js';
import { type VendorName, type Vendors, vendorNames } from './vendors.js';

/** One attempt at a check. */
export interface AttemptView {
  readonly attempt: number;
  /** what reached the provider for this attempt */
  readonly uploads: readonly string[];
  /** the provider has all it needs */
  readonly submitted: boolean;
  /** the provider's check, once it exists */
  readonly checkRef: string | null;
  /** how the gateway answered the provider's word that the check is complete */
  readonly webhook: number | null;
}

export interface CustomerView {
  readonly registrationId: string;
  readonly phone: string;
  readonly organization: string;
  readonly vendor: VendorName;
  readonly automatic: boolean;
  readonly linkMinutes: number;
  readonly applicantRef: string | null;
  /** which link's page was looked at */
  readonly visit: 'sms' | 'kiosk' | null;
  /** the start button was pressed */
  readonly opened: boolean;
  readonly attempts: readonly AttemptView[];
  readonly status: string;
  readonly result: string | null;
  /** the result in plain words */
  readonly meaning: string;
  readonly reason: string | null;
  readonly identityStatus: string;
  /** oldest first */
  readonly texts: readonly Pick<TwilioMessage, 'sid' | 'to' | 'body'>[];
  /** what stands on the Kratos identity */
  readonly mirrored: string | null;
  /** the customer's link, as in the text message */
  readonly link: string;
}

/** Kiosks' registrations made after the one with this place in the order of creation. */
export function registrationsAfter({ appliance }: Sandbox, seq: number): { id: string; seq: number }[] {
  return appliance.store.main.all(
    sql
      .selectFrom('registrations')
      .select(['id', 'seq'])
      .where('seq', '>', seq)
      .where('channel', '=', 'kiosk')
      .orderBy('seq'),
  );
}

/** The customer of a registration, as things are now. */
export function viewCustomer(sandbox: Sandbox, id: string): CustomerView | undefined {
  const { store, config } = sandbox.appliance;
  const stored = findRegistration(store.main, id);
  const owner = stored && findIdentity(store.main, stored.row.identity_id);
  if (!stored || !owner) return undefined;
  const { row, registration } = stored;
  const dataKey = store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  const phone = open(
    dataKey,
    owner.row.phone_sealed ?? Buffer.alloc(0),
    phoneContext(owner.row.id),
  ).toString();
  const organization = config.organizations.find(candidate => candidate.id === row.organization);
  const { result } = registration;
  const vendor = vendorNames.find(name => name === row.provider) ?? 'onfido';
  return {
    registrationId: id,
    phone,
    organization: presets.find(preset => preset.id === row.organization)?.name ?? row.organization,
    vendor,
    automatic: organization?.autoRegistration ?? false,
    linkMinutes: Math.round(config.times.linkMs / 60_000),
    applicantRef: row.applicant_ref,
    visit: visitOf(sandbox, id),
    opened: registration.openedBySms || registration.openedByKiosk,
    attempts: vendor === 'onfido' ? attemptsOf(sandbox, stored) : runsOf(sandbox[vendor], stored),
    status: registration.status,
    result,
    meaning: result === null ? '' : results[result].label,
    reason: registration.reason,
    identityStatus: owner.identity.status,
    texts: textsOf(sandbox, stored, phone),
    mirrored: mirroredStatus(sandbox, row.kratos_identity_id, vendor),
    link: `${config.urls.site}/v/${store.keyring.linkId(id, 'sms')}`,
  };
}

function visitOf({ appliance, front }: Sandbox, id: string): 'sms' | 'kiosk' | null {
  const { keyring } = appliance.store;
  return (['sms', 'kiosk'] as const).find(kind => front.visited.has(keyring.linkId(id, kind))) ?? null;
}

function attemptsOf({ onfido }: Sandbox, { row, checks }: StoredRegistration): AttemptView[] {
  const media = (onfido.state().media ?? []) as readonly {
    kind: string;
    applicantId: string;
    wire: { id: string };
  }[];
  const mine = media.filter(({ applicantId }) => applicantId === row.applicant_ref);
  const used = new Set<string>();
  return checks.map(check => {
    const uploads = mine.filter(({ wire }) => !used.has(wire.id));
    for (const id of JSON.parse(check.used_media) as string[]) used.add(id);
    const own = check.check_ref === null ? uploads : uploads.filter(({ wire }) => used.has(wire.id));
    const delivery = onfido.deliveries.find(
      ({ action, url, body }) =>
        action === 'check.completed' &&
        url.endsWith(`/${row.organization}`) &&
        check.check_ref !== null &&
        body.includes(check.check_ref),
    );
    return {
      attempt: check.attempt,
      uploads: own.map(({ kind }) => kind),
      submitted: check.submitted === 1,
      checkRef: check.check_ref,
      webhook: delivery?.status ?? null,
    };
  });
}

/** Where the vendor has a page of its own, pictures go there without passing by here. */
function runsOf(
  { deliveries }: Pick<Vendors['jumio'] | Vendors['persona'], 'deliveries'>,
  { checks }: StoredRegistration,
): AttemptView[] {
  return checks.map(({ attempt, check_ref: checkRef, submitted, last_final: final }) => {
    const id = checkRef?.split('/').at(-1);
    const told = deliveries.findLast(({ body }) => id !== undefined && body.includes(id));
    return {
      attempt,
      uploads: [],
      submitted: submitted === 1,
      checkRef,
      webhook: final === null ? null : (told?.status ?? null),
    };
  });
}

/** A number may have several registrations: a text belongs to the newest that was there when it came. */
function textsOf(
  { appliance, twilio }: Sandbox,
  { row }: StoredRegistration,
  phone: string,
): readonly TwilioMessage[] {
  const next = appliance.store.main.one<{ created_at: number }>(
    sql
      .selectFrom('registrations')
      .select('created_at')
      .where('identity_id', '=', row.identity_id)
      .where('seq', '>', row.seq)
      .orderBy('seq')
      .limit(1),
  );
  const end = next?.created_at ?? Number.POSITIVE_INFINITY;
  return twilio.messagesTo(phone).filter(({ createdAt }) => createdAt >= row.created_at && createdAt < end);
}
