/** The adapter and the stand-in for Persona's API, over sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFindings } from '../../../src/domain/mapping.js';
import { createPersona } from '../../../src/providers/persona/index.js';
import { ProviderError } from '../../../src/providers/provider.js';
import { type Outbound, OutboundError, type OutboundRequest } from '../../../src/runtime/outbound.js';
import type { OutcomeName } from '../../../src/simulators/persona/index.js';
import { loadPersonaSpec, personaSpecFile } from '../../simulators/persona-spec.js';
import { call } from '../../support/call.js';
import { TestClock } from '../../support/clock.js';
import { withoutSpec } from '../../support/skips.js';
import { rules } from './fixtures.js';
import { apiKey, openWorkshop, request, settings, signal, templateId, type Workshop } from './workshop.js';

const told = { firstName: 'Ada', lastName: 'Quill', email: 'ada@example.net' };
const filled = { 'name-first': 'Ada', 'name-last': 'Quill', 'email-address': 'ada@example.net' };

async function refused(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof ProviderError);
  return error;
}

function inquiryOf({ simulator }: Workshop, ref: string) {
  const inquiry = simulator.inquiries.get(ref);
  assert.ok(inquiry);
  return inquiry;
}

/** What stands in the form, by field. */
function fieldsOf(workshop: Workshop, ref: string): Record<string, string> {
  const fields = inquiryOf(workshop, ref).attributes.fields as Record<string, { value: string }>;
  return Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
}

test('a session is a new inquiry under our reference and a link into it that works once', async t => {
  const workshop = await openWorkshop(t);
  const { session, reference, ref } = await workshop.open();
  assert.equal(session.kind, 'redirect');
  assert.match(ref, /^inq_/);
  const { attributes, redirectUri, templateId: template } = inquiryOf(workshop, ref);
  assert.equal(attributes['reference-id'], reference);
  assert.equal(attributes.note, 'gatehouse chk_01-1');
  assert.deepEqual([redirectUri, template], ['https://kyc.example.net/v/link', templateId]);
  assert.deepEqual(attributes.fields, {});
  assert.equal(session.expiresAt, workshop.clock.now() + 24 * 3_600_000);
  const { origin, pathname, search, searchParams } = new URL(session.url ?? '');
  assert.equal(searchParams.get('language'), 'cs');
  const open = () => call({ origin }, 'GET', `${pathname}${search}`);
  assert.equal((await open()).status, 200);
  assert.equal((await open()).status, 410);
});

test('what is sent is what Persona publishes, under one version and in one case', {
  skip: withoutSpec(personaSpecFile),
}, async () => {
  const spec = loadPersonaSpec();
  const sent: OutboundRequest[] = [];
  const outbound: Outbound = {
    request(asked) {
      sent.push(asked);
      return Promise.reject(new OutboundError('timeout', true, 'nobody is there'));
    },
    close: () => Promise.resolve(),
  };
  const persona = createPersona(settings, { outbound, clock: new TestClock(), tokens: () => [] });
  const reference = `gh_${'0'.repeat(32)}`;
  const calls = [
    () => persona.openSession({ ...request(reference), customer: told }, signal),
    () => persona.openSession({ ...request(reference), checkRef: 'inq_1' }, signal),
    () => persona.fetch('inq_1', true, signal),
    () => persona.deleteApplicant(reference, signal, ['inq_1']),
    () => persona.download({ kind: 'document', ref: 'ver_1:front' }, signal),
  ];
  for (const each of calls) assert.equal((await refused(each())).kind, 'later');
  assert.deepEqual(
    sent.map(({ method, url }) => `${method} ${url.replace(settings.apiBase, '')}`),
    [
      'POST /inquiries',
      'GET /inquiries/inq_1',
      'GET /inquiries/inq_1?include=verifications%2Creports',
      `GET /inquiries?filter%5Breference-id%5D=${reference}&page%5Bsize%5D=50`,
      'GET /verifications/ver_1',
    ],
  );
  for (const { headers } of sent) {
    assert.equal(headers?.['persona-version'], '2025-12-08');
    assert.equal(headers?.['key-inflection'], 'kebab');
    assert.equal(headers?.authorization, `Bearer ${apiKey}`);
  }
  const [create] = sent;
  const body = JSON.parse(String(create?.body));
  spec.assertRequest('POST', '/inquiries', body);
  assert.deepEqual(body.data.attributes.fields, filled);
  assert.match(create?.headers?.['idempotency-key'] ?? '', /^[0-9a-f]{64}$/);
  assert.doesNotMatch(String(create?.body), /hosted-embedded|inquiry-type/);
});

test('what was told of the customer stands in the form already, unless the operator does not want that', async t => {
  const workshop = await openWorkshop(t);
  const fieldsAfter = async (customer: object, persona = workshop.persona) => {
    const { reference } = await workshop.open();
    const { workflowRunId } = await persona.openSession({ ...request(reference), customer }, signal);
    return fieldsOf(workshop, workflowRunId ?? '');
  };
  assert.deepEqual(await fieldsAfter(told), filled);
  assert.deepEqual(await fieldsAfter({ email: told.email }), { 'email-address': told.email });
  assert.deepEqual(await fieldsAfter({}), {});
  assert.deepEqual(await fieldsAfter(told, workshop.build({ prefill: false })), {});
});

test('a template without such fields keeps nobody out, and after three customers is not asked for them again', async t => {
  const workshop = await openWorkshop(t, { fieldNames: ['birthdate'] });
  const count = () => workshop.simulator.calls.filter(({ path }) => path === '/inquiries').length;
  const calls: number[] = [];
  for (const checkId of ['chk_01-1', 'chk_02-1', 'chk_03-1', 'chk_04-1']) {
    const before = count();
    const { session, ref } = await workshop.open({ customer: told, checkId });
    assert.equal(session.kind, 'redirect');
    assert.deepEqual(inquiryOf(workshop, ref).attributes.fields, {});
    calls.push(count() - before);
  }
  assert.deepEqual(calls, [2, 2, 2, 1]);
});

test('data of single customers that Persona refuses does not cost the others their filled form', async t => {
  const workshop = await openWorkshop(t);
  for (const checkId of ['chk_01-1', 'chk_02-1', 'chk_03-1', 'chk_04-1', 'chk_05-1', 'chk_06-1']) {
    const refused = !/[36]/.test(checkId);
    if (refused)
      workshop.simulator.fail({ kind: 'status', status: 422, method: 'POST', path: '/inquiries', times: 1 });
    const { ref } = await workshop.open({ customer: told, checkId });
    assert.deepEqual(fieldsOf(workshop, ref), refused ? {} : filled, checkId);
  }
});

test('only a refusal is answered by leaving the fields out: whatever may have acted is repeated as it was', async t => {
  const workshop = await openWorkshop(t);
  workshop.simulator.fail({ kind: 'status', status: 500, method: 'POST', path: '/inquiries', times: 1 });
  const reference = await workshop.open().then(
    () => assert.fail('it failed'),
    () => `gh_${'1'.repeat(32)}`,
  );
  const { workflowRunId } = await workshop.persona.openSession(
    { ...request(reference), customer: told },
    signal,
  );
  assert.deepEqual(fieldsOf(workshop, workflowRunId ?? ''), filled);
});

test('each generation of templates is named as Persona wants it', async t => {
  const workshop = await openWorkshop(t);
  for (const id of ['itmpl_Test0001', 'itmplv_Test0001', 'tmpl_Test0001']) {
    const persona = workshop.build({ templateId: id });
    const { reference } = await workshop.open();
    const asked = { ...request(reference), checkId: `chk_${id}` };
    const session = await persona.openSession(asked, signal);
    assert.equal(inquiryOf(workshop, session.workflowRunId ?? '').templateId, id);
  }
});

test('a template that does not exist is refused for good, and the text names no id', async t => {
  const workshop = await openWorkshop(t);
  const { reference } = await workshop.open();
  const persona = workshop.build({ templateId: 'itmpl_Elsewhere' });
  const error = await refused(persona.openSession(request(reference), signal));
  assert.deepEqual([error.kind, error.message], ['refused', 'Persona answered 400 to POST /inquiries']);
});

test('a call that got no answer is repeated under the same key and makes no second inquiry', async t => {
  const workshop = await openWorkshop(t);
  const { reference } = await workshop.open({ checkId: 'chk_other-1' });
  workshop.simulator.fail({ method: 'POST', path: '/inquiries', kind: 'cut-after' });
  const error = await refused(workshop.persona.openSession(request(reference), signal));
  assert.deepEqual([error.kind, error.options.mayHaveActed], ['later', true]);
  // a restart forgets nothing that matters
  const session = await workshop.build().openSession(request(reference), signal);
  const of = [...workshop.simulator.inquiries.values()].filter(
    ({ attributes }) => attributes.note === 'gatehouse chk_01-1',
  );
  assert.deepEqual(
    of.map(({ id }) => id),
    [session.workflowRunId],
  );
});

test('an error that was answered is not asked for again: the next call has another key', async t => {
  const workshop = await openWorkshop(t);
  const { reference } = await workshop.open({ checkId: 'chk_other-1' });
  workshop.simulator.fail({ method: 'POST', path: '/inquiries', kind: 'status', status: 503 });
  const first = await refused(workshop.persona.openSession(request(reference), signal));
  assert.deepEqual([first.kind, first.options.status, first.options.mayHaveActed], ['later', 503, true]);
  const session = await workshop.persona.openSession(request(reference), signal);
  assert.match(session.workflowRunId ?? '', /^inq_/);
});

test('after a restart the answered error is heard once more and then left behind', async t => {
  const workshop = await openWorkshop(t);
  const { reference } = await workshop.open({ checkId: 'chk_other-1' });
  workshop.simulator.fail({ method: 'POST', path: '/inquiries', kind: 'status', status: 500 });
  await refused(workshop.persona.openSession(request(reference), signal));
  const restarted = workshop.build();
  assert.equal((await refused(restarted.openSession(request(reference), signal))).options.status, 500);
  assert.equal((await restarted.openSession(request(reference), signal)).kind, 'redirect');
});

test('a recorded inquiry gets a fresh link and no second one is made', async t => {
  const workshop = await openWorkshop(t);
  const { ref, reference, session: first } = await workshop.open();
  const again = await workshop.persona.openSession({ ...request(reference), checkRef: ref }, signal);
  assert.equal(again.workflowRunId, ref);
  assert.notEqual(again.url, first.url);
  assert.equal(again.token, undefined);
  assert.equal(workshop.simulator.count('POST', '/inquiries'), 1);
});

test('one that ran out is brought back', async t => {
  const workshop = await openWorkshop(t);
  const { ref, reference } = await workshop.open();
  workshop.simulator.expire(ref);
  const again = await workshop.persona.openSession({ ...request(reference), checkRef: ref }, signal);
  assert.equal(again.kind, 'redirect');
  assert.equal(inquiryOf(workshop, ref).attributes.status, 'pending');
});

test('one the customer has finished is not opened again', async t => {
  const workshop = await openWorkshop(t);
  const outcomes: OutcomeName[] = ['completed', 'approved', 'declined', 'failed_blurred', 'needs_review'];
  for (const [index, outcome] of outcomes.entries()) {
    const { ref, reference } = await workshop.open({ checkId: `chk_${index}-1` });
    workshop.simulator.finish(ref, outcome);
    workshop.clock.advance(1000);
    const again = { ...request(reference), checkRef: ref };
    assert.equal((await workshop.persona.openSession(again, signal)).kind, 'finished', outcome);
  }
});

test('an application’s own page gets a token for an inquiry that was begun, in the types that embed', async t => {
  const workshop = await openWorkshop(t);
  const { ref, reference, session } = await workshop.open({ kratosIdentityId: 'k' });
  assert.equal(session.token, undefined);
  const { origin, pathname, search } = new URL(session.url ?? '');
  await call({ origin }, 'GET', `${pathname}${search}`);
  const token = async (
    inquiryType: 'hosted' | 'embedded' | 'hosted-embedded' | 'one-time-link',
    ory = true,
  ) => {
    const asked = { ...request(reference), checkRef: ref, ...(ory ? { kratosIdentityId: 'k' } : {}) };
    return (await workshop.build({ inquiryType }).openSession(asked, signal)).token;
  };
  assert.equal(await token('hosted'), undefined);
  assert.equal(await token('one-time-link'), undefined);
  assert.ok(await token('embedded'));
  assert.ok(await token('hosted-embedded'));
  assert.equal(await token('hosted-embedded', false), undefined);
});

test('a link that leads away from Persona is never handed on', async t => {
  const workshop = await openWorkshop(t);
  const { reference } = await workshop.open({ checkId: 'chk_other-1' });
  workshop.simulator.fail({
    method: 'POST',
    path: '/inquiries',
    kind: 'status',
    status: 201,
    body: {
      data: { type: 'inquiry', id: 'inq_1', attributes: { status: 'created' } },
      meta: { 'one-time-link': 'https://withpersona.com.example.net/verify?code=x' },
    },
  });
  const error = await refused(workshop.persona.openSession(request(reference), signal));
  assert.deepEqual([error.kind, error.message], ['refused', 'Persona’s link leads away from Persona']);
});

test('submitting asks about the recorded inquiry and adopts no other', async t => {
  const workshop = await openWorkshop(t);
  const { ref, reference } = await workshop.open();
  const ask = (checkRef?: string) =>
    workshop.persona.submit(
      {
        applicantRef: reference,
        checkId: 'chk_01-1',
        usedMedia: [],
        ...(checkRef === undefined ? {} : { checkRef }),
      },
      signal,
    );
  const nothing = { outcome: 'nothing_to_submit' };
  assert.deepEqual(await ask(), nothing);
  assert.deepEqual(await ask(ref), nothing);
  workshop.simulator.finish(workshop.simulator.stranger({ templateId, referenceId: reference }), 'approved');
  workshop.clock.advance(1000);
  assert.deepEqual(await ask(), nothing);
  assert.deepEqual(await ask(ref), nothing);
  workshop.simulator.finish(ref);
  assert.deepEqual(await ask(ref), { outcome: 'submitted', checkRef: ref, usedMedia: [] });
});

test('every ending of the stand-in comes to its result', async t => {
  const workshop = await openWorkshop(t);
  const results: Readonly<Record<OutcomeName, string>> = {
    approved: 'CLEAR',
    approved_second_try: 'CLEAR',
    approved_with_glare: 'CLEAR',
    approved_despite_mismatch: 'CAUTION_FACIAL_COMPARISON',
    approved_without_selfie: 'CAUTION',
    needs_review: 'CAUTION',
    watchlist: 'CAUTION',
    completed: 'pending',
    declined: 'REJECTED',
    declined_forged: 'SUSPECTED_VISUAL_CONSISTENCY',
    declined_mismatch: 'SUSPECTED_FACE_COMPARISON',
    failed_blurred: 'REJECTED_IMAGE_INTEGRITY',
    failed_expired_document: 'CAUTION_DATA_VALIDATION',
    failed_not_live: 'SUSPECTED',
  };
  for (const [name, expected] of Object.entries(results)) {
    const { ref, reference } = await workshop.open({ checkId: `chk_${name}-1` });
    workshop.simulator.finish(ref, name);
    workshop.clock.advance(1000);
    const snapshot = await workshop.persona.fetch(ref, true, signal);
    assert.deepEqual([snapshot.checkRef, snapshot.applicantRef], [ref, reference]);
    const outcome = mapFindings(workshop.persona.interpret(snapshot), rules);
    assert.equal(outcome.kind === 'final' ? outcome.result : outcome.kind, expected, name);
  }
});

test('a snapshot holds no address, no token and nothing of who gave it away', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  workshop.simulator.finish(ref);
  const text = JSON.stringify(await workshop.persona.fetch(ref, true, signal));
  assert.doesNotMatch(text, /https?:|access_token|one-time|session/);
  assert.match(text, /ALEXANDER/);
});

test('what an answer does not bring along is asked for, and named when it is gone', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  workshop.simulator.finish(ref);
  workshop.clock.advance(1000);
  const inquiry = inquiryOf(workshop, ref);
  const bare = {
    data: {
      type: 'inquiry',
      id: ref,
      attributes: inquiry.attributes,
      relationships: {
        verifications: { data: inquiry.verifications.map(({ type, id }) => ({ type, id })) },
        reports: { data: [{ type: 'report/watchlist', id: 'rep_gone' }] },
        reviewer: { data: {} },
      },
    },
  };
  workshop.simulator.fail({
    method: 'GET',
    path: `/inquiries/${ref}`,
    kind: 'status',
    status: 200,
    body: bare,
  });
  const [, selfie] = inquiry.verifications;
  workshop.simulator.fail({
    method: 'GET',
    path: `/verifications/${selfie?.id}`,
    kind: 'status',
    status: 404,
  });
  const findings = workshop.persona.interpret(await workshop.persona.fetch(ref, true, signal));
  assert.deepEqual(
    findings.reports.map(({ name }) => name),
    ['government_id'],
  );
  assert.deepEqual(findings.missingReports, ['report_watchlist', 'selfie']);
});

test('a fetch is whole or fails', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  const path = `/inquiries/${ref}`;
  const kinds: [number, string][] = [
    [500, 'later'],
    [429, 'later'],
    [409, 'later'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'missing'],
    [410, 'missing'],
    [422, 'refused'],
    [302, 'refused'],
  ];
  for (const [status, kind] of kinds) {
    workshop.simulator.fail({ path, kind: 'status', status, headers: { 'ratelimit-reset': '17' } });
    const error = await refused(workshop.persona.fetch(ref, true, signal));
    assert.equal(error.kind, kind, String(status));
    assert.equal(error.message, `Persona answered ${status} to GET /inquiries/{id}`);
    assert.equal(error.options.retryAfterMs, kind === 'later' ? 17_000 : undefined);
  }
  workshop.simulator.fail({ path, kind: 'cut' });
  const cut = await refused(workshop.persona.fetch(ref, true, signal));
  assert.deepEqual([cut.kind, cut.options.mayHaveActed], ['later', false]);
  workshop.simulator.fail({ path, kind: 'status', status: 200, body: { data: { id: 'ver_1' } } });
  assert.equal((await refused(workshop.persona.fetch(ref, true, signal))).kind, 'later');
});

test('a key that is not accepted is for the operator to mend, and is in no text', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  const persona = workshop.build({ apiKey: 'persona_production_wrong' });
  const error = await refused(persona.fetch(ref, true, signal));
  assert.equal(error.kind, 'unauthorized');
  assert.ok(!error.message.includes('wrong') && !error.message.includes(apiKey));
});

test('a sandbox key marks what it reads', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  const persona = workshop.build({ apiKey: 'persona_sandbox_for-tests-only' });
  assert.equal(persona.interpret(await persona.fetch(ref, true, signal)).sandbox, true);
});

test('photos are fetched through an address asked for just then, long after the first one ran out', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  workshop.simulator.finish(ref);
  const { media } = workshop.persona.interpret(await workshop.persona.fetch(ref, true, signal));
  assert.deepEqual(
    media.map(({ kind }) => kind),
    ['document', 'document_back', 'selfie'],
  );
  workshop.clock.advance(48 * 3_600_000);
  for (const each of media) {
    assert.match(each.ref, /^ver_[A-Za-z0-9]+:(front|back|center)$/);
    const { contentType, bytes } = await workshop.persona.download(each, signal);
    assert.equal(contentType, 'image/png');
    assert.ok(bytes.length > 100);
  }
});

test('an address that is not Persona’s is not called, and a photo that is gone is missing', async t => {
  const workshop = await openWorkshop(t);
  const { ref } = await workshop.open();
  workshop.simulator.finish(ref);
  const [photo] = workshop.persona.interpret(await workshop.persona.fetch(ref, true, signal)).media;
  assert.ok(photo);
  const answer = (attributes: object) =>
    workshop.simulator.fail({
      path: '/verifications/*',
      kind: 'status',
      status: 200,
      body: { data: { type: 'verification/government-id', id: 'ver_1', attributes } },
    });
  const before = workshop.simulator.calls.length;
  for (const url of ['http://127.0.0.1:9/x', 'https://example.net/x', 'file:///etc/passwd', 'x']) {
    answer({ 'front-photo-url': url });
    assert.equal((await refused(workshop.persona.download(photo, signal))).kind, 'refused', url);
  }
  answer({ 'front-photo-url': null, 'photo-urls': [] });
  assert.equal((await refused(workshop.persona.download(photo, signal))).kind, 'missing');
  assert.equal(workshop.simulator.calls.length - before, 5);
  const officially = workshop.build({ apiBase: 'https://api.withpersona.com/api/v1' });
  assert.equal(officially.page.kind, 'redirect');
});

test('redaction takes everything under our reference, once, and nothing else', async t => {
  const workshop = await openWorkshop(t);
  const { simulator, persona } = workshop;
  const mine = await workshop.open();
  const second = await workshop.open({ applicantRef: mine.reference, checkId: 'chk_01-2' });
  const other = await workshop.open({ checkId: 'chk_02-1' });
  const stranger = simulator.stranger({ templateId, referenceId: mine.reference });
  for (const id of [mine.ref, other.ref]) simulator.finish(id);
  await persona.deleteApplicant(mine.reference, signal, [mine.ref]);
  const redacted = [...simulator.inquiries.values()]
    .filter(({ attributes }) => attributes['redacted-at'] !== null)
    .map(({ id }) => id);
  assert.deepEqual(redacted.sort(), [mine.ref, second.ref, stranger].sort());
  const accounts = simulator.state().accounts as { attributes: Record<string, unknown> }[];
  assert.deepEqual(
    accounts
      .filter(({ attributes }) => attributes['redacted-at'] !== null)
      .map(({ attributes }) => attributes['reference-id']),
    [mine.reference],
  );
  await persona.deleteApplicant(mine.reference, signal, [mine.ref]);
});

test('redaction looks at what it was given before it acts on it', async t => {
  const workshop = await openWorkshop(t);
  const mine = await workshop.open();
  const other = await workshop.open({ checkId: 'chk_02-1' });
  // as if the filter had been ignored
  const listed = [mine, other].map(({ ref }) => {
    const { id, attributes } = inquiryOf(workshop, ref);
    return { type: 'inquiry', id, attributes };
  });
  workshop.simulator.fail({
    method: 'GET',
    path: '/inquiries',
    kind: 'status',
    status: 200,
    body: { data: listed, links: { prev: null, next: null } },
  });
  await workshop.persona.deleteApplicant(mine.reference, signal);
  assert.equal(inquiryOf(workshop, other.ref).attributes['redacted-at'], null);
  assert.notEqual(inquiryOf(workshop, mine.ref).attributes['redacted-at'], null);
});

test('redaction that stops half way is done by the next try', async t => {
  const workshop = await openWorkshop(t);
  const mine = await workshop.open();
  await workshop.open({ applicantRef: mine.reference, checkId: 'chk_01-2' });
  workshop.simulator.fail({ method: 'DELETE', path: '/inquiries/*', skip: 1, kind: 'status', status: 500 });
  assert.equal((await refused(workshop.persona.deleteApplicant(mine.reference, signal))).kind, 'later');
  await workshop.persona.deleteApplicant(mine.reference, signal);
  for (const { attributes } of workshop.simulator.inquiries.values())
    assert.notEqual(attributes['redacted-at'], null);
});
