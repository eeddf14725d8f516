import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { specsFolder, withoutSpec } from '../support/skips.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Hook {
  readonly hook: string;
  readonly config: {
    readonly url: string;
    readonly response: { readonly parse?: boolean; readonly ignore?: boolean };
  };
}
type Lists = { readonly hooks: readonly Hook[] } & Readonly<
  Record<string, { readonly hooks: readonly Hook[] }>
>;

const actions = parse(readFileSync(join(root, 'ory-actions.yaml'), 'utf8')) as {
  selfservice: { flows: Record<'registration' | 'login' | 'recovery', { after: Lists }> };
};
const { registration, login, recovery } = actions.selfservice.flows;

function listsOf(after: Lists): (readonly Hook[])[] {
  const { hooks, ...methods } = after;
  return [hooks, ...Object.values(methods).map(method => method.hooks)];
}

/** The vendor's schema, made digestible as its notes say: a stub for what it refers to elsewhere. */
function kratosConfig() {
  const schema = JSON.parse(readFileSync(join(specsFolder, 'kratos-config.schema.json'), 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema({ $id: 'ory://tracing-config' });
  return ajv.compile(schema);
}

/** The smallest configuration that Kratos accepts, around the snippet. */
function around(snippet: typeof actions) {
  const ui = (name: string) => ({ ui_url: `http://127.0.0.1:4455/${name}` });
  const { flows } = snippet.selfservice;
  return {
    dsn: 'memory',
    identity: {
      default_schema_id: 'default',
      schemas: [{ id: 'default', url: 'file:///etc/kratos/identity.schema.json' }],
    },
    courier: {},
    selfservice: {
      default_browser_return_url: 'http://127.0.0.1:4455/',
      flows: {
        registration: { ...flows.registration, ...ui('registration') },
        login: { ...flows.login, ...ui('login') },
        recovery: { ...flows.recovery, enabled: true, ...ui('recovery') },
      },
    },
  };
}

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
