/** Taking over what an older Ory setup decided, and what must not be taken over. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command as eraseCommand } from '../../src/cli/erase.js';
import { command as importCommand } from '../../src/cli/import.js';
import type { ImportSummary } from '../../src/registration/ory/import-identities.js';
import { blockKratosIdentity } from '../../src/store/ory-people.js';
import { operate } from '../support/command.js';
import { blockedOf, hook, signUp, startOryWorld } from '../support/ory.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, type World } from '../support/world.js';

const ends = endsOfFile();
const nowhere = 'http://127.0.0.1:9';
let world: World;

before(async () => {
  world = await startOryWorld(ends, {
    startAt: Date.now() + 600_000,
    ory: { gate: 'approved' },
    secrets: {
      JUMIO_CLIENT_ID: 'client',
      JUMIO_CLIENT_SECRET: 'secret-of-client',
      PERSONA_API_KEY: 'persona_x',
    },
    organizations: [
      {},
      {
        id: 'jumio',
        ory: true,
        provider: 'jumio',
        jumio: {
          clientId: { secret: 'JUMIO_CLIENT_ID' },
          clientSecret: { secret: 'JUMIO_CLIENT_SECRET' },
          apiBase: nowhere,
          authUrl: `${nowhere}/oauth2/token`,
        },
      },
      {
        id: 'persona',
        ory: true,
        provider: 'persona',
        persona: {
          apiKey: { secret: 'PERSONA_API_KEY' },
          templateId: 'itmpl_Old0001',
          apiBase: `${nowhere}/api/v1`,
        },
      },
    ],
  });
});

const importOry = (...argv: string[]) => operate(world.installation, importCommand, 'ory', ...argv);

async function summary(...argv: string[]): Promise<ImportSummary> {
  const { stdout, stderr, code } = await importOry('--json', ...argv);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as ImportSummary;
}

let count = 0;

/** An identity as an older setup left it. */
function old(metadata: { metadata_public?: unknown; metadata_admin?: unknown }, traits: object = {}): string {
  count += 1;
  return world.kratos.createIdentity({ email: `old${count}@example.net`, ...traits }, metadata as never).id;
}

async function login(id: string, provider: string): Promise<number | null> {
  const metadata = world.kratos.identities.get(id)?.metadata_public ?? null;
  const answer = await hook(world, `/${provider}/validate`, { identity_id: id, metadata_public: metadata });
  return answer.status === 200 ? null : blockedOf(answer).id;
}

function registrations(): number {
  const row = world.gateway.store.main.raw.prepare('SELECT count(*) AS count FROM registrations').get();
  return (row as { count: number }).count;
}

const applicantId = '5b0c1f5e-7b7c-4a52-9b5c-1d1f6a3e9a01';

test('approvals of all three setups let their people in, finals keep theirs out', async () => {
  const approved = {
    onfido: old({
      metadata_public: { onfido: { status: 'approved', applicant_id: applicantId, check_id: 'x' } },
    }),
    jumio: old({ metadata_public: { jumio_verification_status: 'verified', jumio_account_id: 'x' } }),
    persona: old({
      metadata_admin: { persona_verification_status: 'approved', persona_inquiry_id: 'inq_Old1' },
    }),
  };
  const declined = {
    onfido: old({ metadata_public: { onfido: { status: 'declined' } } }),
    jumio: old({ metadata_public: { jumio_verification_status: 'rejected' } }),
    persona: old({ metadata_admin: { persona_verification_status: 'declined' } }),
  };
  const providers = ['onfido', 'jumio', 'persona'] as const;
  for (const provider of providers) assert.equal(await login(approved[provider], provider), 9410004);

  const kept = registrations();
  const dry = await importOry();
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /jumio +verified +1 +would be taken over/);
  assert.match(dry.stdout, /Nothing was written\. --apply/);
  assert.equal(registrations(), kept, 'shown only');

  const calls = world.kratos.patches.length;
  const { rows, applied } = await summary('--apply', '--by', 'Eva');
  assert.equal(applied, true);
  assert.deepEqual(
    rows
      .filter(({ outcome }) => outcome === 'adopted')
      .map(({ provider, says, count: of }) => [provider, says, of]),
    [
      ['jumio', 'rejected', 1],
      ['jumio', 'verified', 1],
      ['onfido', 'approved', 1],
      ['onfido', 'declined', 1],
      ['persona', 'approved', 1],
      ['persona', 'declined', 1],
    ],
  );
  await world.pass(3_000);
  assert.equal(world.kratos.patches.length, calls, 'nothing is written in Kratos');
  assert.equal(world.onfido.count('POST', '/applicants'), 0, 'nobody is made at the provider');
  for (const provider of providers) {
    assert.equal(await login(approved[provider], provider), null, provider);
    assert.equal(await login(declined[provider], provider), 9410003, provider);
  }
  assert.equal(await login(approved.onfido, 'jumio'), 9410004, 'an approval is its provider’s only');
  assert.equal(await login(declined.onfido, 'jumio'), 9410003, 'a decline is everybody’s');

  const after = registrations();
  const again = await summary('--apply');
  assert.equal(registrations(), after, 'once is enough');
  assert.ok(again.rows.every(({ outcome }) => outcome === 'known'));
});

test('other words, contradictions and whatever a client can write are not taken over', async () => {
  const odd = [
    old({ metadata_public: { onfido: { status: 'pending' } } }),
    old({ metadata_public: { onfido: { status: { status: 'approved' } } } }),
    old({ metadata_public: { onfido: 'approved' } }),
    old({ metadata_public: { onfido: { status: 'Approved\u001b[2J' } } }),
    old({ metadata_public: { onfido_verification_status: 'approved' } }),
    old({ metadata_public: { jumio_verification_status: 'verified', jumio: { status: 'rejected' } } }),
    old({ metadata_public: { jumio_verification_status: 'verified', jumio: { status: 'review' } } }),
    old({ metadata_public: { persona_verification_status: 'approved' } }),
    old({}, { onfido: { status: 'approved' }, metadata_public: { onfido: { status: 'approved' } } }),
    old({ metadata_public: [], metadata_admin: 'approved' }),
  ];
  const kept = registrations();
  const { rows, unclear } = await summary('--apply');
  assert.equal(registrations(), kept);
  assert.deepEqual(
    rows
      .filter(({ outcome }) => outcome !== 'known')
      .map(({ provider, says, outcome, count: of }) => [provider, says, outcome, of]),
    [
      ['jumio', 'rejected, verified', 'contradiction', 1],
      ['jumio', 'review, verified', 'unclear', 1],
      ['onfido', '(no word)', 'unclear', 2],
      ['onfido', 'pending', 'unclear', 1],
    ],
  );
  assert.ok(unclear.every(({ identity }) => odd.includes(identity)));
  for (const id of odd) assert.notEqual(await login(id, 'onfido'), null);
});

test('a decision that is held here is never overridden, nor is a check under way', async () => {
  const people = await Promise.all(
    (['suspected', 'caution', 'clear'] as const).map(async outcome => {
      const person = signUp(world);
      const begun = (await person.initiate()).json<{ applicant_id: string; verification_url: string }>();
      world.onfido.decide(begun.applicant_id, outcome);
      await world.customer(begun.verification_url).goThrough();
      return person;
    }),
  );
  await world.pass(3_000);
  const before = await Promise.all(people.map(person => person.blocked()));
  assert.deepEqual(
    before.map(blocked => blocked?.id ?? null),
    [9410003, 9410002, null],
  );
  for (const [place, { id }] of people.entries()) {
    const identity = world.kratos.identities.get(id);
    assert.ok(identity);
    identity.metadata_public = { onfido: { status: place === 2 ? 'declined' : 'approved' } };
  }
  const kept = registrations();
  await summary('--apply');
  assert.equal(registrations(), kept);
  const ids = await Promise.all(people.map(person => person.blocked()));
  assert.deepEqual(
    ids.map(blocked => blocked?.id ?? null),
    [9410003, 9410002, null],
  );
});

test('an attempt that nobody went on with gives way to the old approval', async () => {
  const person = signUp(world);
  await person.initiate();
  await world.settle();
  const identity = world.kratos.identities.get(person.id);
  assert.ok(identity);
  identity.metadata_public = { onfido: { status: 'approved' } };
  assert.equal(blockedOf(await person.validate({ metadata_public: undefined })).id, 9410001);
  await summary('--apply', '--provider', 'onfido');
  assert.equal(await person.blocked(), null);
  await world.pass(25 * 3_600_000);
  assert.equal(await person.blocked(), null, 'and its end changes nothing');
});

test('what a kiosk’s registration wrote opens no login', async () => {
  const person = signUp(world);
  await verify(world, { phone: newPhone(), body: { kratosIdentityId: person.id } });
  assert.equal(person.mirrored()?.status, 'approved');
  const { rows } = await summary('--apply');
  assert.ok(rows.some(({ outcome, says }) => outcome === 'kiosk' && says === 'approved'));
  assert.equal((await person.blocked())?.id, 9410004);
});

test('who was erased after a decline stays out, whatever an older setup wrote', async () => {
  const id = old({ metadata_public: { onfido: { status: 'approved' } } });
  blockKratosIdentity(world.gateway.store, id, world.clock.now());
  const { rows } = await summary('--apply');
  assert.ok(rows.some(({ outcome }) => outcome === 'blocked'));
  assert.equal(await login(id, 'onfido'), 9410003);
});

test('who was taken over can be erased, at the provider and in what the older setup wrote too', async () => {
  const applicant = (
    await world.gateway.organizations.find('1')!.provider.createApplicant(
      {
        firstName: 'Old',
        lastName: 'Customer',
      },
      AbortSignal.timeout(5_000),
    )
  ).toString();
  const onfido = old({ metadata_public: { onfido: { status: 'approved', applicant_id: applicant } } });
  const jumio = old({
    metadata_public: { jumio_verification_status: 'verified', jumio_account_id: 'acc', other: 1 },
  });
  await summary('--apply');
  for (const id of [onfido, jumio])
    assert.equal((await operate(world.installation, eraseCommand, '--kratos-identity', id, '--yes')).code, 0);
  await world.pass(3_000);
  const applicants = world.onfido.state().applicants as { wire: { id: string; delete_at: string | null } }[];
  assert.ok(applicants.find(({ wire }) => wire.id === applicant)?.wire.delete_at);
  assert.deepEqual(world.kratos.identities.get(onfido)?.metadata_public, { onfido: null });
  assert.deepEqual(world.kratos.identities.get(jumio)?.metadata_public, {
    jumio_verification_status: null,
    jumio_account_id: null,
    other: 1,
    jumio: null,
  });
  await summary('--apply');
  assert.equal(await login(onfido, 'onfido'), 9410004, 'and does not come back');
});

test('many identities come in pages, and a Kratos that limits is waited for', async () => {
  for (let nth = 0; nth < 260; nth++) old({ metadata_public: { onfido: { status: 'approved' } } });
  world.kratos.fail({
    kind: 'status',
    status: 429,
    method: 'GET',
    path: '/admin/identities',
    headers: { 'x-ratelimit-reset': '0' },
  });
  const { identities, rows } = await summary('--apply');
  assert.equal(identities, world.kratos.identities.size);
  assert.equal(rows.find(({ outcome, says }) => outcome === 'adopted' && says === 'approved')?.count, 260);
  // the hour's attempts are for those who sign up now
  const begun = (await signUp(world).initiate()).json<{ status: string }>();
  assert.equal(begun.status, 'pending');
});

test('wrong use and a Kratos that refuses are told', async () => {
  const nothing = await operate(world.installation, importCommand);
  assert.deepEqual([nothing.code, /say from where/.test(nothing.stderr)], [2, true]);
  const none = await importOry('--provider', 'sumsub');
  assert.deepEqual([none.code, /no organization serves Ory/.test(none.stderr)], [1, true]);
  world.kratos.fail({ kind: 'status', status: 401, method: 'GET', path: '/admin/identities' });
  const refused = await importOry();
  assert.deepEqual([refused.code, /check ORY_API_KEY/.test(refused.stderr)], [1, true]);
});
