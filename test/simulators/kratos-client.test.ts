import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Configuration, FrontendApi, IdentityApi, JsonPatchOpEnum } from '@ory/client';
import { startKratosSimulator } from '../../src/simulators/kratos/index.js';

test('the official client of Ory reads, patches and lists identities of the simulator, and asks whose session it is', async t => {
  const kratos = await startKratosSimulator({ apiKey: 'ory_pat_example' });
  t.after(() => kratos.close());
  const identities = new IdentityApi(
    new Configuration({ basePath: kratos.adminUrl, accessToken: 'ory_pat_example' }),
  );
  const made = kratos.createIdentity({ email: 'ada@example.net' });

  const jsonPatch = [
    { op: JsonPatchOpEnum.Add, path: '/metadata_public/onfido', value: { status: 'pending' } },
  ];
  const patched = await identities.patchIdentity({ id: made.id, jsonPatch });
  assert.deepEqual(patched.data.metadata_public, { onfido: { status: 'pending' } });
  const read = await identities.getIdentity({ id: made.id });
  assert.deepEqual(read.data.traits, { email: 'ada@example.net' });
  const listed = await identities.listIdentities({ ids: [made.id] });
  assert.deepEqual(
    listed.data.map(({ id }) => id),
    [made.id],
  );

  const session = kratos.createSession(made.id);
  const frontend = new FrontendApi(new Configuration({ basePath: kratos.publicUrl }));
  const whoami = await frontend.toSession({ xSessionToken: session.token });
  assert.equal(whoami.data.identity?.id, made.id);
  assert.equal(whoami.data.active, true);
  await identities.deleteIdentitySessions({ id: made.id });
  await assert.rejects(frontend.toSession({ xSessionToken: session.token }), { status: 401 });
});

test('the official client is refused with a wrong key, and an unknown identity is missing', async t => {
  const kratos = await startKratosSimulator({ apiKey: 'ory_pat_example' });
  t.after(() => kratos.close());
  const basePath = kratos.adminUrl;
  const wrong = new IdentityApi(new Configuration({ basePath, accessToken: 'another' }));
  const right = new IdentityApi(new Configuration({ basePath, accessToken: 'ory_pat_example' }));
  const id = '9f425a8d-7efc-4768-8f23-7647a74fdf13';
  await assert.rejects(wrong.getIdentity({ id }), { status: 401 });
  await assert.rejects(right.getIdentity({ id }), { status: 404 });
});
