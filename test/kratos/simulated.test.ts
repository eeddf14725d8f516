import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { orySnippet } from '../../src/cli/print/ory.js';
import { kratosConfig, kratosSchemaFile, type OryActions } from '../support/kratos-schema.js';
import { withoutSpec } from '../support/skips.js';
import { testJourneys } from './journeys.js';
import { kratosConfiguration } from './kratos-process.js';

testJourneys([process.execPath, fileURLToPath(new URL('simulated-kratos.js', import.meta.url))]);

test('the real program would accept the configuration', { skip: withoutSpec(kratosSchemaFile) }, () => {
  const hooks = orySnippet({ hooks: 'http://127.0.0.1:3000', provider: 'onfido', secret: 'x' });
  const place = { publicUrl: 'http://127.0.0.1:4433', adminUrl: 'http://127.0.0.1:4434' };
  const accepts = kratosConfig();
  const schema = 'file:///srv/identity.schema.json';
  assert.ok(
    accepts(kratosConfiguration(place, schema, parse(hooks) as OryActions)),
    JSON.stringify(accepts.errors),
  );
});
