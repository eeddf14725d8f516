import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplicantRequest, ProviderError } from '../../../src/providers/provider.js';
import { applicantId, id } from './fixtures.js';
import { routes, signal, startApi } from './loopback.js';

function request(changes: Partial<ApplicantRequest> = {}): ApplicantRequest {
  return { firstName: 'John', lastName: 'Doe', ...changes };
}

const created = { status: 201, json: { id: applicantId } };

test('a first attempt creates at once, with names and location', async t => {
  const api = await startApi(t, routes({ 'POST /applicants': created }));
  const ref = await api
    .onfido()
    .createApplicant(
      request({ firstName: 'Ada', lastName: 'Quill', country: 'us', ipAddress: '203.0.113.9' }),
      signal,
    );
  assert.equal(ref, applicantId);
  assert.deepEqual(api.seen(), ['POST /applicants']);
  assert.deepEqual(api.calls[0]?.body, {
    first_name: 'Ada',
    last_name: 'Quill',
    location: { ip_address: '203.0.113.9', country_of_residence: 'USA' },
  });
});

test('what is not known is not sent, and a country that is none neither', async t => {
  const api = await startApi(t, routes({ 'POST /applicants': created }));
  await api.onfido().createApplicant(request(), signal);
  await api.onfido().createApplicant(request({ country: 'QQ' }), signal);
  for (const call of api.calls) assert.deepEqual(call.body, { first_name: 'John', last_name: 'Doe' });
});

test('characters that Onfido refuses in names are left out, and a name of nothing else is refused', async t => {
  const api = await startApi(t, routes({ 'POST /applicants': created }));
  await api.onfido().createApplicant(request({ firstName: ' "Ada" ', lastName: 'Quill; <b>' }), signal);
  assert.deepEqual(api.calls[0]?.body, { first_name: 'Ada', last_name: 'Quill b' });
  await assert.rejects(api.onfido().createApplicant(request({ firstName: '!!' }), signal), {
    kind: 'refused',
  });
  assert.equal(api.calls.length, 1);
});

test('a POST without an answer is thrown to the caller and not repeated', async t => {
  for (const answer of ['cut', { status: 500 }] as const) {
    const api = await startApi(t, () => answer);
    await assert.rejects(api.onfido().createApplicant(request(), signal), (error: ProviderError) => {
      return error.kind === 'later' && error.options.mayHaveActed === true;
    });
    assert.deepEqual(api.seen(), ['POST /applicants']);
  }
});

test('a repetition makes another one and looks for none: one of the same name may be somebody else’s', async t => {
  const refs = [id(2), id(3)];
  const api = await startApi(t, () => ({ status: 201, json: { id: refs.shift() } }));
  assert.equal(await api.onfido().createApplicant(request(), signal), id(2));
  assert.equal(await api.onfido().createApplicant(request(), signal), id(3));
  assert.deepEqual(api.seen(), ['POST /applicants', 'POST /applicants']);
});

test('an update writes only what is set, and nothing if nothing is', async t => {
  const path = `PUT /applicants/${applicantId}`;
  const api = await startApi(t, routes({ [path]: { json: { id: applicantId } } }));
  await api.onfido().updateApplicant(applicantId, {}, signal);
  assert.equal(api.calls.length, 0);
  await api.onfido().updateApplicant(applicantId, { consentGiven: true, country: 'CZ' }, signal);
  await api.onfido().updateApplicant(applicantId, { ipAddress: '203.0.113.9' }, signal);
  await api.onfido().updateApplicant(applicantId, { consentGiven: false }, signal);
  assert.deepEqual(
    api.calls.map(call => call.body),
    [
      {
        location: { country_of_residence: 'CZE' },
        consents: [{ name: 'privacy_notices_read', granted: true }],
      },
      { location: { ip_address: '203.0.113.9' } },
    ],
  );
});

test('a deletion of what is gone already is done', async t => {
  for (const status of [204, 404, 410]) {
    const api = await startApi(t, () => ({ status }));
    await api.onfido().deleteApplicant(applicantId, signal);
    assert.deepEqual(api.seen(), [`DELETE /applicants/${applicantId}`]);
  }
});

test('a deletion refused for a check in progress is for later', async t => {
  const api = await startApi(t, () => ({
    status: 422,
    json: { error: { type: 'deletion_incomplete_checks' } },
  }));
  await assert.rejects(api.onfido().deleteApplicant(applicantId, signal), { kind: 'later' });
  const other = await startApi(t, () => ({ status: 422, json: { error: { type: 'validation_error' } } }));
  await assert.rejects(other.onfido().deleteApplicant(applicantId, signal), { kind: 'refused' });
});
