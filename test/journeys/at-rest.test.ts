/** What lies on the disk: pictures and personal data are there, and cannot be read there. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { command as reviewCommand } from '../../src/cli/review.js';
import { compose } from '../../src/compose.js';
import { loadConfig } from '../../src/config/load.js';
import { sql } from '../../src/store/db.js';
import { runInTerminal } from '../cli/terminal.js';
import { bytesIn, filesBelow } from '../support/disk.js';
import { alertsAbout } from '../support/records.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const phone = newPhone();
const names = { firstName: 'Bohuslava', lastName: 'Vondráčková' };
const documentNumber = 'QX73019925';
let world: World;
let id: string;
let pictures: Buffer[];
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, { organizations: [{ autoRegistration: false }] });
  id = await verify(world, {
    phone,
    body: names,
    upload: { back: true },
    outcome: {
      description: 'clear, with a number to look for',
      document: {
        result: 'clear',
        properties: { document_numbers: [{ type: 'document_number', value: documentNumber }] },
      },
    },
  });
  const applicant = world.stored(id).row.applicant_ref;
  const media = world.onfido.state().media as { applicantId: string; wire: { id: string } }[];
  const own = media.filter(({ applicantId }) => applicantId === applicant);
  assert.equal(own.length, 3);
  pictures = await Promise.all(own.map(({ wire }) => download(wire.id)));
});

async function download(ref: string): Promise<Buffer> {
  const { provider } = world.gateway.organizations.find('1')!;
  const kinds = ['document', 'selfie'] as const;
  for (const kind of kinds) {
    const found = await provider
      .download({ kind, ref }, AbortSignal.timeout(5_000))
      .then(({ bytes }) => bytes)
      .catch(() => null);
    if (found) return found;
  }
  throw new Error('the picture is not at the provider');
}

test('every picture the reports name is in the vault, sealed', () => {
  const vault = join(world.installation.dataDir, 'vault');
  const files = filesBelow(vault);
  const { main } = world.gateway.store;
  const kept = main.all(sql.selectFrom('documents').selectAll());
  assert.deepEqual(kept.map(({ kind }) => kind).sort(), ['document', 'document_back', 'selfie']);
  assert.equal(files.length, 3);
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const picture of pictures) assert.equal(bytes.includes(picture.subarray(0, 24)), false);
    assert.equal(bytes.includes('PNG'), false);
    assert.equal(statSync(file).mode & 0o077, 0, 'only the owner may read it');
  }
  assert.deepEqual(alertsAbout(world, world.stored(id).checks[0]?.id ?? ''), []);
});

test('no file of the data folder holds a phone number, a name, a document number or a secret in clear', async () => {
  await world.pass(5_000);
  const [webhook] = world.onfido.state().webhooks as { token: string }[];
  assert.ok(webhook);
  const applicant = world.stored(id).row.applicant_ref ?? '';
  const words = [
    phone,
    phone.slice(1),
    phone.slice(4),
    names.firstName,
    names.lastName,
    documentNumber,
    '1990-01-01',
    webhook.token,
    world.kiosk.key,
    new URL(world.textedLink(phone)).pathname.split('/').at(-1) ?? '',
  ];
  const files = filesBelow(world.installation.dataDir);
  assert.ok(
    files.some(file => file.endsWith('gatehouse.db')) && files.some(file => file.endsWith('inbox.db')),
  );
  for (const file of files) {
    const bytes = bytesIn(file);
    for (const word of words) {
      for (const form of [word, Buffer.from(word, 'utf16le'), Buffer.from(word).toString('base64')])
        assert.equal(bytes.includes(form), false, `${word} in ${file}`);
    }
  }
  // to know that the search finds what is there
  const all = files.map(bytesIn);
  assert.ok(all.some(bytes => bytes.includes(applicant)));
});

test('a reviewer gets pictures and fields back, into files only the owner may read', async t => {
  const cwd = mkdtempSync(join(tmpdir(), 'gatehouse-export-'));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const env = {
    ...world.installation.env,
    GATEHOUSE_CONFIG_DIR: join(world.installation.dir, 'config'),
    GATEHOUSE_DATA_DIR: world.installation.dataDir,
  };
  const seen = await runInTerminal(reviewCommand, ['show', id, '--export', 'out'], { cwd, env });
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, new RegExp(documentNumber));
  assert.match(seen.stdout, /\+420777/);
  const out = join(cwd, 'out');
  const exported = readdirSync(out).sort();
  assert.deepEqual(exported, ['1-document.png', '2-document_back.png', '3-selfie.png', 'case.json']);
  for (const name of exported) assert.equal(statSync(join(out, name)).mode & 0o077, 0);
  const bytes = exported.filter(name => name.endsWith('.png')).map(name => readFileSync(join(out, name)));
  for (const picture of pictures) assert.ok(bytes.some(each => each.equals(picture)));
  const described = JSON.parse(readFileSync(join(out, 'case.json'), 'utf8'));
  assert.deepEqual(
    [described.phone, described.person.lastName, described.person.documentNumber],
    [phone, names.lastName, documentNumber],
  );
  const twice = await runInTerminal(reviewCommand, ['show', id, '--export', 'out'], { cwd, env });
  assert.equal(twice.code, 1, 'what was exported is not overwritten');
});

test('a picture that is gone at the provider costs only itself, and the operator is told', async () => {
  world.onfido.fail({ kind: 'status', status: 404, path: '/live_photos/*/download' });
  const other = await verify(world, { phone: newPhone() });
  await world.pass(5_000);
  const checkId = world.stored(other).checks[0]?.id ?? '';
  const { main } = world.gateway.store;
  const kept = main.all(sql.selectFrom('documents').select('kind').where('check_id', '=', checkId));
  assert.deepEqual(
    kept.map(({ kind }) => kind),
    ['document'],
  );
  assert.deepEqual(alertsAbout(world, checkId), ['document_missing']);
});

test('a picture that is gone is told once, however often the others are tried and the check is decided anew', async () => {
  world.onfido.fail({ kind: 'status', status: 404, path: '/documents/*/download', times: 1000 });
  world.onfido.fail({ kind: 'status', status: 500, path: '/live_photos/*/download', times: 1000 });
  const other = await verify(world, { phone: newPhone() });
  await world.pass(10 * 60_000);
  const [check] = world.stored(other).checks;
  assert.ok(check);
  assert.ok(world.onfido.calls.filter(({ path }) => path.startsWith('/live_photos/')).length > 2);
  assert.deepEqual(alertsAbout(world, check.id), ['document_missing']);
  const { check_ref: ref } = check;
  world.onfido.reopen(ref ?? '');
  world.onfido.decide(ref ?? '', 'suspected');
  world.onfido.complete(ref ?? '');
  await world.pass(30 * 60_000);
  assert.equal(world.identityStatus(other), 'rejected');
  assert.deepEqual(alertsAbout(world, check.id), ['document_missing']);
  world.onfido.clearFaults();
});

test('a picture that cannot be fetched now is fetched later', async () => {
  world.onfido.fail({ kind: 'status', status: 500, path: '/documents/*/download', times: 2 });
  const other = await verify(world, { phone: newPhone() });
  await world.pass(60_000);
  const checkId = world.stored(other).checks[0]?.id ?? '';
  const { main } = world.gateway.store;
  const kept = main.all(sql.selectFrom('documents').select('kind').where('check_id', '=', checkId));
  assert.deepEqual(kept.map(({ kind }) => kind).sort(), ['document', 'selfie']);
});

test('with another master key the appliance refuses to start and changes nothing', async () => {
  const { dir, env } = world.installation;
  await world.stop();
  const other = { ...env, GATEHOUSE_MASTER_KEY: env.GATEHOUSE_MASTER_KEY?.replace('5d0a', 'a0d5') ?? '' };
  const { config } = loadConfig({ env: other, cwd: dir });
  await assert.rejects(compose(config, { log: world.log.log }), /another master key/);
});
