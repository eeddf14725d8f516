import { vaultFolder } from '../compose/folders.js';
import type { Config } from '../config/config.js';
import { readKratosId } from '../domain/kratos-id.js';
import { removeDeliveriesAbout, removeFiles } from '../effects/erasure/sweep-remains.js';
import { parsePhone } from '../registration/phone.js';
import { findReviewed } from '../review/resolve-case.js';
import { unpackArrivals } from '../store/arrivals.js';
import { type Erased, eraseIdentity, type Holding, holdingOf } from '../store/commit-erasure.js';
import { settleDelivery } from '../store/deliveries.js';
import { findErasure } from '../store/erasures.js';
import {
  findIdentity,
  findIdentityByPhone,
  identitiesOfKratos,
  identitiesOfPhone,
  type StoredIdentity,
} from '../store/identities.js';
import { isKratosIdentityBlocked } from '../store/ory-people.js';
import { rememberRecent } from '../store/recent-deliveries.js';
import type { Store } from '../store/store.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { confirm } from './confirm.js';
import { withInstallation } from './open-installation.js';

/** `gatehouse erase`: takes a person out of the box, the provider and Kratos. */
export const command: Command = {
  name: 'erase',
  summary:
    'Erase a person for good: here at once, at the provider and in Kratos by the running gateway (or when it starts)',
  usage:
    'erase --phone NUMBER [--organization ID] [--yes] [--json]\nerase --kratos-identity ID [--organization ID] [--yes] [--json]\nerase ID [--yes] [--json]',
  options: {
    phone: {
      type: 'string',
      value: 'NUMBER',
      description: 'the person a kiosk registered under this number',
    },
    'kratos-identity': {
      type: 'string',
      value: 'ID',
      description: 'the person Ory asked about, at every provider',
    },
    organization: { type: 'string', value: 'ID', description: 'only what this organization has' },
    yes: { type: 'boolean', short: 'y', description: 'do not ask' },
    json: { type: 'boolean', description: 'print JSON (with --yes)' },
  },
  maxPositionals: 1,
  async run(input) {
    const name = nameOf(input);
    if (input.values.json === true && input.values.yes !== true)
      throw new WrongUse('--json asks nobody: confirm with --yes');
    return await withInstallation(input, async ({ config, store }) => {
      const known = identitiesOf(name, config, store);
      const ids = idsOf(name, input, known);
      if (ids.length === 0) {
        input.stderr.write(`${whyNobody(name, input, known, { config, store })}\n`);
        return failed;
      }
      const holdings = ids.flatMap(id => holdingOf(store, id) ?? []);
      if (input.values.json !== true) input.stdout.write(describe(holdings, config));
      if (!(await confirm(input, 'Erase this for good?'))) {
        input.stderr.write('Nothing was erased.\n');
        return failed;
      }
      const erased = store.main.transaction(() =>
        ids.flatMap(id => eraseIdentity(store, id, Date.now()) ?? []),
      );
      await sweep(config, store, erased);
      input.stdout.write(
        input.values.json === true ? `${JSON.stringify({ erased }, null, 2)}\n` : told(erased),
      );
      return done;
    });
  },
};

type Name =
  | { readonly by: 'id'; readonly text: string }
  | { readonly by: 'phone'; readonly text: string }
  | { readonly by: 'kratos'; readonly text: string };

function nameOf({ values, positionals }: CommandInput): Name {
  const { phone, 'kratos-identity': kratos } = values;
  const names: Name[] = [
    ...positionals.map(text => ({ by: 'id', text }) as const),
    ...(typeof phone === 'string' ? [{ by: 'phone', text: phone } as const] : []),
    ...(typeof kratos === 'string' ? [{ by: 'kratos', text: kratos } as const] : []),
  ];
  const [name, ...others] = names;
  if (!name || others.length > 0)
    throw new WrongUse('say whom, in one way: --phone NUMBER, --kratos-identity ID, or an id of ours');
  if (name.by !== 'kratos') return name;
  const text = readKratosId(name.text);
  if (text === null) throw new WrongUse('--kratos-identity is a UUID, and not the nil one');
  return { by: 'kratos', text };
}

/** The identities that are meant among those of that name, of our own. */
function idsOf(name: Name, { values }: CommandInput, known: readonly StoredIdentity[]): string[] {
  const { organization } = values;
  const meant = known.filter(({ row }) => organization === undefined || row.organization === organization);
  if (name.by === 'phone') refuseSeveral(meant);
  return meant.map(({ row }) => row.id);
}

function refuseSeveral(meant: readonly StoredIdentity[]): void {
  const places = placesOf(meant);
  const numbers = new Set(meant.map(({ row }) => row.phone_index?.toString('hex')));
  if (numbers.size > 1)
    throw new WrongUse(
      `this is several people’s number, because organizations read it differently (${places.join(', ')}): write it with + and the country code`,
    );
  if (places.length > 1)
    throw new WrongUse(
      `several organizations know this number (${places.join(', ')}): say which one with --organization ID`,
    );
}

function identitiesOf({ by, text }: Name, config: Config, store: Store): StoredIdentity[] {
  if (by === 'kratos') return identitiesOfKratos(store.main, text);
  if (by === 'phone') return identitiesOfNumber(text, config, store);
  const id = text.startsWith('idn_') ? text : findReviewed(store, text)?.row.identity_id;
  const owner = id === undefined ? undefined : findIdentity(store.main, id);
  return owner ? [owner] : [];
}

/**
 * Those of a number in each organization as that one reads it: to another it may be somebody else's. Written in full it
 * is the same everywhere, also where nobody serves its country any more.
 */
function identitiesOfNumber(text: string, config: Config, { main, keyring }: Store): StoredIdentity[] {
  const indexOf = (number: string) => keyring.indexOf('phone', number);
  const read = config.organizations.flatMap(({ id, countries }) => {
    const parsed = parsePhone(text, countries[0] ?? '', countries);
    return parsed.ok ? (findIdentityByPhone(main, id, indexOf(parsed.e164)) ?? []) : [];
  });
  const full = inFull(text);
  const everywhere = full === null ? [] : identitiesOfPhone(main, indexOf(full));
  return [...new Map([...read, ...everywhere].map(each => [each.row.id, each])).values()];
}

/** A number that was written with its country code; null for any other. */
function inFull(text: string): string | null {
  const plain = text.replace(/[\s().\-/]/g, '');
  return /^\+[0-9]{5,15}$/.test(plain) ? plain : null;
}

function placesOf(identities: readonly StoredIdentity[]): string[] {
  return [...new Set(identities.map(({ row }) => row.organization))];
}

/** An answer to somebody who asked to be erased may rest on this, so it says no more than what was looked at. */
function whyNobody(
  { by, text }: Name,
  { values }: CommandInput,
  known: readonly StoredIdentity[],
  { config, store }: { config: Config; store: Store },
): string {
  const { organization } = values;
  if (known.length > 0)
    return `Organization ${organization} has nobody of that name, but others do: ${placesOf(known).join(', ')}.`;
  if (by === 'kratos' && isKratosIdentityBlocked(store, text))
    return 'Nothing is stored about this identity but that it stays blocked: it was erased after it was turned down for good.';
  const configured = config.organizations.map(({ id }) => id);
  const unknown =
    typeof organization === 'string' && !configured.includes(organization)
      ? ` Organization ${organization} is not configured; there are: ${configured.join(', ')}.`
      : '';
  const hint =
    by === 'phone' && inFull(text) === null
      ? ' An organization reads a number as one of its first country; with + and the country code it is looked for everywhere.'
      : '';
  return `Nothing is stored about anybody of that name.${unknown}${hint}`;
}

function describe(holdings: readonly Holding[], config: Config): string {
  return `This is what would be erased:\n${holdings.map(holding => linesOf(holding, config)).join('')}\n`;
}

function linesOf(holding: Holding, config: Config): string {
  const { identityId, organization, origin, status, registrations, pictures } = holding;
  const from = origin === 'ory' ? 'asked for by Ory' : 'registered at a kiosk';
  const isServed = (provider: string) =>
    config.organizations.some(each => each.id === organization && each.provider.provider === provider);
  const lines = [
    `${identityId}, organization ${organization}, ${from}, ${status.replaceAll('_', ' ')}`,
    `  here: ${counted(registrations, 'registration')}, ${counted(pictures, 'photo')}, and the provider’s deliveries about them`,
    ...Object.entries(holding.applicants).map(([provider, count]) =>
      isServed(provider)
        ? `  at ${provider}: ${counted(count, 'applicant')}, with everything below`
        : `  at ${provider}: ${counted(count, 'applicant')}, WHICH STAYS until organization ${organization} is configured with ${provider} again`,
    ),
    ...(holding.mirrors > 0 && config.kratos ? ['  in Kratos: the status on the identity becomes null'] : []),
    ...(holding.blocks
      ? ['  what stays: a keyed hash of the Kratos id, because it was turned down for good']
      : []),
    ...(origin === 'kiosk' && status === 'rejected'
      ? ['  afterwards the number is unknown, so that it may register again although it was turned down']
      : []),
  ];
  return `\n${lines.join('\n')}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const unpackPortion = 100;

/** What the commit could not: the gateway repeats it, but need not be running. */
async function sweep(config: Config, store: Store, erased: readonly Erased[]): Promise<void> {
  const recent = rememberRecent(store.inbox);
  const places = {
    store,
    vaultFolder: vaultFolder(config),
    unpackDeliveries: async () => {
      while (unpackArrivals(store.inbox, store.keyring, unpackPortion, recent).left);
    },
    removeDeliveries: async (ids: readonly number[]) =>
      store.inbox.transaction(() => {
        for (const id of ids) settleDelivery(store.inbox, id, { outcome: 'erased' });
      }),
  };
  for (const { erasureId } of erased) {
    const remains = findErasure(store, erasureId)?.remains;
    if (!remains) continue;
    await removeFiles(places, remains);
    await removeDeliveriesAbout(places, remains);
  }
  for (const db of [store.main, store.inbox]) db.emptyLog();
}

function told(erased: readonly Erased[]): string {
  const rest = erased.reduce(
    (sum, { applicants, mirrors }) =>
      sum + mirrors + Object.values(applicants).reduce((count, each) => count + each, 0),
    0,
  );
  const here = 'Erased here. Copies and backups of the data folder that you made are yours to delete.\n';
  return rest === 0
    ? here
    : `${here}The running gateway sees to the provider and to Kratos now, one that does not run will when it starts:\n\`gatehouse jobs list\` shows what is still to be done (erase_at_provider, erase_in_kratos).\n`;
}
