/** What every SMS vendor must do, whoever it is. Called by each vendor's own test. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { SmsError, type SmsVendor } from '../../../src/effects/notices/vendors/vendor.js';
import type { TestClock } from '../../support/clock.js';

/** A vendor under test, with sight of what reached the other side. */
export interface VendorUnderTest {
  readonly vendor: SmsVendor;
  readonly clock: TestClock;
  /** the texts that went out, in order */
  sent(): readonly { readonly to: string; readonly body: string }[];
}

const to = '+420601234567';
const body = 'Coin Corner: please verify your identity: https://kyc.example.net/v/q7Zt1yKfPz0uWc9L';
const never = new AbortController().signal;

/** Registers the contract's tests for one vendor. */
export function smsVendorContract(name: string, build: (t: TestContext) => Promise<VendorUnderTest>): void {
  test(`${name}: a message goes out once, whole, and gets a reference`, async t => {
    const { vendor, sent } = await build(t);
    const { ref } = await vendor.send({ to, body }, never);
    assert.match(ref, /^[A-Za-z0-9_-]{8,64}$/);
    assert.equal(sent().length, 1);
    assert.equal(sent()[0]?.to, to);
    assert.equal(sent()[0]?.body, body);
  });

  test(`${name}: every message has a reference of its own`, async t => {
    const { vendor } = await build(t);
    const first = await vendor.send({ to, body }, never);
    const second = await vendor.send({ to, body }, never);
    assert.notEqual(first.ref, second.ref);
  });

  test(`${name}: a sent message is found again by number, text and time`, async t => {
    const { vendor, clock } = await build(t);
    const since = clock.now();
    const { ref } = await vendor.send({ to, body }, never);
    const found = await vendor.find({ to, body, since }, never);
    assert.equal(found?.ref, ref);
    assert.match(found?.status ?? '', /^(accepted|sent|delivered)$/);
  });

  test(`${name}: another number, another text or an earlier message is not taken for it`, async t => {
    const { vendor, clock } = await build(t);
    const since = clock.now();
    await vendor.send({ to, body }, never);
    clock.advance(120_000);
    assert.equal(await vendor.find({ to: '+420601234568', body, since }, never), null);
    assert.equal(await vendor.find({ to, body: `${body}x`, since }, never), null);
    assert.equal(await vendor.find({ to, body, since: clock.now() }, never), null);
  });

  test(`${name}: a message that belongs to another notice is not adopted`, async t => {
    const { vendor, clock } = await build(t);
    const since = clock.now();
    const first = await vendor.send({ to, body }, never);
    const isClaimed = (ref: string) => ref === first.ref;
    assert.equal(await vendor.find({ to, body, since, isClaimed }, never), null);
    const second = await vendor.send({ to, body }, never);
    assert.equal((await vendor.find({ to, body, since, isClaimed }, never))?.ref, second.ref);
  });

  test(`${name}: a stopped job sends nothing`, async t => {
    const { vendor, sent } = await build(t);
    await assert.rejects(vendor.send({ to, body }, AbortSignal.abort()), (error: unknown) => {
      assert.ok(error instanceof SmsError);
      assert.equal(error.kind, 'later');
      return true;
    });
    assert.equal(sent().length, 0);
  });

  test(`${name}: no hostile callback is believed or thrown over`, async t => {
    const { vendor } = await build(t);
    const header = fc.oneof(fc.string(), fc.constant(undefined), fc.array(fc.string()));
    const raw = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      fc.constantFrom(
        Buffer.from('MessageSid=SM00000000000000000000000000000000&MessageStatus=delivered'),
        Buffer.from('__proto__=x&constructor=y&MessageSid=a&MessageSid=b'),
        Buffer.from('%'.repeat(5000)),
        Buffer.alloc(0),
      ),
    );
    const url = fc.oneof(fc.webUrl(), fc.string());
    fc.assert(
      fc.property(url, header, raw, (url, signature, raw) => {
        const headers = signature === undefined ? {} : { 'x-twilio-signature': signature };
        assert.equal(vendor.readStatus({ url, headers: headers as Record<string, string>, raw }), null);
      }),
    );
  });
}
