import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { around, kratosConfig, listsOf, type OryActions } from '../support/kratos-schema.js';
import { withoutSpec } from '../support/skips.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const actions = parse(readFileSync(join(root, 'ory-actions.yaml'), 'utf8')) as OryActions;
const { registration, login, recovery } = actions.selfservice.flows;

test('the snippet is a configuration that Kratos accepts', {
  skip: withoutSpec('kratos-config.schema.json'),
}, () => {
  const validate = kratosConfig();
  assert.ok(validate(around(actions)), JSON.stringify(validate.errors));
});

test('a misspelt hook key would be refused, so the check above means something', {
  skip: withoutSpec('kratos-config.schema.json'),
}, () => {
  const broken = structuredClone(actions) as unknown as {
    selfservice: { flows: { login: { after: { hooks: { config: object }[] } } } };
  };
  Object.assign(broken.selfservice.flows.login.after.hooks[0]!.config, { timeout: 5 });
  assert.equal(kratosConfig()(around(broken as unknown as typeof actions)), false);
});

test('every list of every flow has its hook: the global one and those that would hide it', () => {
  const methods = ['password', 'oidc', 'code', 'webauthn', 'passkey'];
  assert.deepEqual(Object.keys(registration.after), ['hooks', ...methods]);
  assert.deepEqual(Object.keys(login.after), ['hooks', ...methods, 'totp', 'lookup_secret']);
  for (const list of listsOf(registration.after)) assert.match(list[0]?.config.url ?? '', /\/initiate$/);
  for (const list of [...listsOf(login.after), ...listsOf(recovery.after)])
    assert.match(list[0]?.config.url ?? '', /\/validate$/);
});

test('no session is given at sign-up, and the registration hook runs after the identity has an id', () => {
  for (const list of listsOf(registration.after)) {
    assert.deepEqual(
      list.map(({ hook }) => hook),
      ['web_hook'],
    );
    assert.deepEqual(list[0]?.config.response, { ignore: false, parse: false });
  }
  for (const list of [...listsOf(login.after), ...listsOf(recovery.after)])
    assert.deepEqual(list[0]?.config.response, { parse: true });
});
