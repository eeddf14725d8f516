import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Kiosk } from '../support/kiosk.js';
import { openCauses } from '../support/records.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const policyModule = `
export default function decide({ organization, today, age, person }) {
  if (person.lastName === 'Fault') throw new Error('the operator made a mistake');
  if (person.lastName === 'Odd') return { register: true };
  if (person.lastName === 'Promise') return Promise.resolve(true);
  if (person.lastName === 'Meddler') { try { person.lastName = 'x'; } catch { return 'read_only'; } return true; }
  if (organization !== 'module' || !/^\\d{4}-/.test(today)) return 'not_told';
  return age === 36 ? true : 'age_is_odd';
}
`;

const organizations: Record<string, object> = {
  minimum: { policy: { minimumAge: 40 } },
  maximum: { policy: { maximumAge: 35 } },
  country: { policy: { documentCountries: ['CZE', 'SVK'] } },
  type: { policy: { documentTypes: ['national_identity_card'] } },
  content: {
    policy: { minimumAge: 18, maximumAge: 80, documentCountries: ['GBR'], documentTypes: ['passport'] },
  },
  lenient: { policy: { holdExpiredDocument: false } },
  module: { policy: { module: 'policy.mjs' } },
};

let world: World;
const kiosks: Record<string, Kiosk> = {};
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, {
    organizations: [
      {},
      ...Object.entries(organizations).map(([id, settings]) => ({
        id,
        onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' } },
        ...settings,
      })),
    ],
    files: { 'policy.mjs': policyModule },
  });
  for (const id of Object.keys(organizations)) kiosks[id] = await world.addKiosk('Lobby', id);
});

async function verifyAt(organization: string, body: object = {}, document: Record<string, unknown> = {}) {
  const phone = newPhone();
  const kiosk = kiosks[organization] ?? world.kiosk;
  const outcome = { description: 'clear', document: { result: 'clear', properties: document } } as const;
  const id = await verify(world, { phone, kiosk, body, outcome });
  return { id, phone, kiosk };
}

const holds: readonly [organization: string, code: string, document?: Record<string, unknown>][] = [
  ['minimum', 'policy.minimum_age'],
  ['maximum', 'policy.maximum_age'],
  ['country', 'policy.document_country'],
  ['type', 'policy.document_type'],
  ['1', 'policy.document_expired', { date_of_expiry: '2026-03-03' }],
  ['content', 'policy.minimum_age', { date_of_birth: '2008-03-05' }],
  ['minimum', 'policy.minimum_age', { date_of_birth: null }],
];

for (const [organization, code, document] of holds) {
  test(`a clear customer waits for a person because of ${code} (${organization})`, async () => {
    const { id, phone, kiosk } = await verifyAt(organization, {}, document);
    const told = await kiosk.registration(id);
    assert.deepEqual([told.status, told.result], ['in_review', 'CLEAR']);
    assert.ok(told.reasonCodes?.includes(code), String(told.reasonCodes));
    assert.equal(told.identityStatus, 'awaiting_registration');
    assert.deepEqual(openCauses(world, id), ['held']);
    assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting']);
  });
}

const passes: readonly [organization: string, document: Record<string, unknown>, why: string][] = [
  ['content', {}, 'every rule is kept'],
  ['content', { date_of_birth: '2008-03-04' }, 'today is the eighteenth birthday'],
  ['1', { date_of_expiry: '2026-03-04' }, 'the document expires today'],
  ['lenient', { date_of_expiry: '2020-01-01' }, 'expired documents are let pass'],
  ['module', {}, 'the operator’s module is content'],
];

for (const [organization, document, why] of passes) {
  test(`a clear customer is registered: ${why}`, async () => {
    const { id } = await verifyAt(organization, {}, document);
    assert.equal(world.identityStatus(id), 'registered');
  });
}

const modules: readonly [lastName: string, code: string][] = [
  ['Fault', 'policy.module_fault'],
  ['Odd', 'policy.module_fault'],
  ['Promise', 'policy.module_fault'],
  ['Meddler', 'policy.module.read_only'],
];

for (const [lastName, code] of modules) {
  test(`the operator’s module and ${lastName}: a person looks because of ${code}`, async () => {
    const { id } = await verifyAt('module', { firstName: 'Jan', lastName });
    assert.deepEqual(world.stored(id).registration.reasonCodes, [code]);
    assert.equal(world.identityStatus(id), 'awaiting_registration');
  });
}

test('the module’s own reason is a code of its own', async () => {
  const { id } = await verifyAt('module', {}, { date_of_birth: '1950-01-01' });
  assert.deepEqual(world.stored(id).registration.reasonCodes, ['policy.module.age_is_odd']);
});

test('a rule never makes a refusal milder, and a person may overrule it', async () => {
  const phone = newPhone();
  const refused = await verify(world, { phone, kiosk: kiosks.minimum!, outcome: 'suspected' });
  assert.equal(world.identityStatus(refused), 'rejected');
  const { id } = await verifyAt('minimum');
  world.decide(id, 'register');
  await world.settle();
  assert.equal(world.identityStatus(id), 'registered');
});

test('a fault of the module is in the log without the customer', () => {
  const faults = world.log.entries().filter(({ message }) => /policy module failed/.test(String(message)));
  assert.ok(faults.length >= 3);
  assert.doesNotMatch(JSON.stringify(faults), /Meddler|1990-01-01/);
});

const unusable: readonly [what: string, content: string, says: RegExp][] = [
  ['that does not parse', 'export default (', /policy\.mjs cannot be loaded/],
  ['that throws while it is loaded', 'throw new Error("no");', /policy\.mjs cannot be loaded/],
  [
    'without a default export',
    'export const decide = () => true;',
    /has no default export that is a function/,
  ],
];

for (const [what, content, says] of unusable)
  test(`a module ${what} stops the start, with its name and the remedy`, async t => {
    const start = startWorld(t, {
      organizations: [{ policy: { module: 'policy.mjs' } }],
      files: { 'policy.mjs': content },
    });
    await assert.rejects(start, says);
  });
