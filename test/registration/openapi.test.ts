import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Answer, call } from '../support/call.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
  readonly requestBody?: { content: Record<string, { schema: object }> };
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

let world: World;
let document: Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
  const answer = await call({ origin: world.gateway.addresses.private }, 'GET', '/api/v1/openapi.json');
  assert.equal(answer.status, 200);
  document = answer.json<Document>();
  ajv.addSchema(document, 'api');
});

function operationAt(path: string, method: string): Operation {
  const operation = document.paths[path]?.[method];
  assert.ok(operation, `${method} ${path} is described`);
  return operation;
}

/** The answer must be one of those described for its status, body included. */
function assertDescribed(path: string, method: string, answer: Answer): void {
  const { responses } = operationAt(path, method);
  const response = responses[answer.status];
  assert.ok(response, `${method} ${path} says nothing of ${answer.status}`);
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const schema = response.content?.[type]?.schema;
  assert.ok(schema, `${method} ${path} ${answer.status} says nothing of ${type}`);
  if (type !== 'application/json') return;
  const { $ref } = schema as { $ref?: string };
  const validate = ajv.getSchema(`api${$ref}`);
  assert.ok(validate, $ref);
  assert.ok(validate(answer.json()), JSON.stringify(validate.errors));
}

test('the document is OpenAPI 3.1, whole, and every reference in it leads somewhere', () => {
  assert.match(document.openapi, /^3\.1/);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(match => match[1]);
  assert.ok(references.length > 5);
  for (const reference of references) assert.ok(ajv.getSchema(`api#${reference}`), reference);
  for (const schema of Object.values(document.components.schemas)) assert.ok(ajv.validateSchema(schema));
});

test('every address the API serves is described, and every described one is served', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  for (const [path, operations] of Object.entries(document.paths))
    for (const method of Object.keys(operations).filter(key => key !== 'parameters')) {
      if (path.endsWith('/events')) continue;
      const target = path.replace('{id}', id);
      const answer =
        method === 'get' ? await world.kiosk.get(target) : await world.kiosk.post(target, { phone: 'x' });
      assert.ok(![404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
      assertDescribed(path, method, answer);
    }
});

test('real answers are as described: a registration at each of its stages, and the look-up', async () => {
  const one = '/api/v1/registrations/{id}';
  const phone = newPhone();
  const made = await world.kiosk.post('/api/v1/registrations', { phone });
  assertDescribed('/api/v1/registrations', 'post', made);
  assertDescribed(
    '/api/v1/registrations',
    'post',
    await world.kiosk.post('/api/v1/registrations', { phone }),
  );
  for (const outcome of ['clear', 'caution', 'suspected', 'unknown', 'rejected'] as const) {
    const number = newPhone();
    const id = await verify(world, { phone: number, outcome });
    const answer = await world.kiosk.get(`/api/v1/registrations/${id}`);
    assertDescribed(one, 'get', answer);
    assert.ok(answer.json<{ result?: string }>().result);
    const looked = await world.kiosk.post('/api/v1/identities/lookup', { phone: number });
    assertDescribed('/api/v1/identities/lookup', 'post', looked);
  }
});

test('real refusals are as described', async () => {
  const suspected = newPhone();
  await verify(world, { phone: suspected, outcome: 'suspected' });
  const path = '/api/v1/registrations';
  for (const body of [{ phone: 'x' }, {}, { phone: suspected }, { phone: '+14155552671' }])
    assertDescribed(path, 'post', await world.kiosk.post(path, body));
  const { id } = await world.kiosk.register({ phone: newPhone() });
  assertDescribed(`${path}/{id}/resend`, 'post', await world.kiosk.post(`${path}/${id}/resend`));
  assertDescribed(`${path}/{id}`, 'get', await world.kiosk.get(`${path}/reg_none`));
  const unauthorized = await call({ origin: world.gateway.addresses.private }, 'GET', `${path}/${id}`);
  assertDescribed(`${path}/{id}`, 'get', unauthorized);
});

test('the described request is what is checked: it takes what is taken and refuses what is refused', () => {
  const validate = ajv.getSchema('api#/components/schemas/RegistrationRequest');
  assert.ok(validate);
  const taken = {
    phone: '+420777123456',
    language: 'cs',
    country: 'CZ',
    notify: 'none',
    phoneVerified: true,
  };
  assert.ok(validate(taken));
  assert.equal(validate({ ...taken, extra: 1 }), false);
  assert.equal(validate({ language: 'cs' }), false);
  assert.equal(validate({ ...taken, notify: 'email' }), false);
});
