/**
 * What every adapter must keep, whatever its vendor. Needs no network but the one the adapter is given, which must
 * stay unused here: nothing in this suite may be sent.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MappingRules, mapFindings } from '../../src/domain/mapping.js';
import { type Provider, ProviderError } from '../../src/providers/provider.js';
import type { Outbound } from '../../src/runtime/outbound.js';

/** What the suite needs to know of an adapter. */
export interface ContractSubject {
  /** a fresh adapter over this client; with `tokens` as its live secrets */
  readonly build: (outbound: Outbound, tokens: readonly string[]) => Provider;
  /** a body with the headers that make it genuine under `token` */
  readonly sign: (body: string, token: string) => Record<string, string>;
  /** a genuine delivery's body about a check */
  readonly body: string;
  /** what it is about */
  readonly checkRef: string;
}

const rules: MappingRules = {
  expectedReports: ['document', 'facial'],
  acceptSandbox: false,
  strictFace: false,
  trustApproved: false,
  createdByUs: true,
};

/** A client that must not be used; tells whether it was. */
function silentOutbound(): Outbound & { readonly used: () => number } {
  let used = 0;
  return {
    request() {
      used++;
      return Promise.reject(new Error('this suite sends nothing'));
    },
    close: () => Promise.resolve(),
    used: () => used,
  };
}

const hostileIds = [
  '',
  '.',
  '..',
  '../applicants',
  'a/b',
  'a?b=c',
  'a#b',
  'a%2fb',
  ' ',
  'https://example.net/',
  'x\r\ny',
];

/** Registers the suite for one adapter. */
export function providerContract(name: string, subject: ContractSubject): void {
  const secret = 'a-secret-of-this-suite';
  const build = (tokens: readonly string[] = [secret]) => subject.build(silentOutbound(), tokens);
  const verify = (
    provider: Provider,
    headers: Record<string, string | string[] | undefined>,
    body = subject.body,
  ) => provider.verify({ raw: Buffer.from(body), headers });

  test(`${name}: a signed delivery is genuine under any live secret and forged under none of them`, () => {
    const headers = subject.sign(subject.body, secret);
    assert.equal(verify(build(), headers), 'genuine');
    assert.equal(verify(build(['another', secret]), headers), 'genuine');
    assert.equal(verify(build(['another']), headers), 'forged');
    assert.equal(verify(build([]), headers), 'unprepared');
    assert.equal(verify(build(), headers, `${subject.body} `), 'forged');
    assert.equal(verify(build(), {}), 'forged');
  });

  test(`${name}: no header makes verification throw or succeed by accident`, () => {
    const provider = build();
    const names = Object.keys(subject.sign(subject.body, secret));
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    fc.assert(
      fc.property(fc.record(Object.fromEntries(names.map(each => [each, value]))), headers => {
        assert.equal(verify(provider, headers), 'forged');
      }),
    );
  });

  test(`${name}: a delivery about a check names it, and any bytes at all are described`, () => {
    const provider = build();
    assert.equal(provider.describe(Buffer.from(subject.body)).checkRef, subject.checkRef);
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        assert.equal(provider.describe(Buffer.from(bytes)).relevant, false);
      }),
    );
    fc.assert(
      fc.property(fc.json(), text => {
        assert.equal(typeof provider.describe(Buffer.from(text)).action, 'string');
      }),
    );
  });

  test(`${name}: any snapshot has findings and an owner or none, and junk is never CLEAR`, () => {
    const provider = build();
    fc.assert(
      fc.property(fc.jsonValue(), body => {
        const snapshot = { checkRef: 'x', applicantRef: null, body };
        const outcome = mapFindings(provider.interpret(snapshot), rules);
        assert.ok(outcome.kind !== 'final' || outcome.result !== 'CLEAR');
        assert.equal(provider.owner(snapshot), null);
      }),
    );
  });

  test(`${name}: an id that is none never leaves the box, nor enters an error`, async () => {
    const outbound = silentOutbound();
    const provider = subject.build(outbound, [secret]);
    const { signal } = new AbortController();
    for (const hostile of hostileIds) {
      const calls = [
        () => provider.fetch(hostile, false, signal),
        () => provider.fetch(hostile, true, signal),
        () => provider.updateApplicant(hostile, { consentGiven: true }, signal),
        () => provider.deleteApplicant(hostile, signal),
        () => provider.submit({ applicantRef: hostile, checkId: 'chk_1', usedMedia: [] }, signal),
        () => provider.download({ kind: 'document', ref: hostile }, signal),
        () =>
          provider.openSession(
            {
              applicantRef: hostile,
              checkId: 'chk_1',
              referrer: 'https://kyc.example.net/*',
              language: 'en',
            },
            signal,
          ),
      ];
      for (const call of calls)
        await assert.rejects(call, error => {
          assert.ok(error instanceof ProviderError);
          assert.equal(error.kind, 'refused');
          assert.equal(error.options.mayHaveActed ?? false, false);
          assert.ok(hostile.trim().length < 4 || !error.message.includes(hostile));
          return true;
        });
    }
    assert.equal(outbound.used(), 0);
  });

  test(`${name}: the page's sources are origins or plain schemes, so that a policy can be made of them`, () => {
    const { page } = build();
    for (const [directive, sources] of Object.entries(page.sources)) {
      assert.match(directive, /^([a-z]+-src|form-action)$/);
      for (const source of sources) assert.match(source, /^((https?|wss?):\/\/[*\w.:-]+|data:|blob:)$/);
    }
    assert.equal(page.kind === 'embedded', page.scriptUrl !== undefined);
  });
}
