import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSmsVendor } from '../../../src/effects/notices/vendors/registry.js';
import { TestClock } from '../../support/clock.js';
import { createLoopbackOutbound } from '../loopback-outbound.js';
import { smsVendorContract } from './contract.js';

const never = new AbortController().signal;

function build() {
  const clock = new TestClock();
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const vendor = createSmsVendor(
    { vendor: 'console', totalDaily: 100 },
    { clock, stream, outbound: createLoopbackOutbound() },
  );
  return { vendor, clock, printed: () => text };
}

/** Reads the boxes back: the text is wrapped at spaces and nowhere else. */
function boxes(text: string) {
  return [...text.matchAll(/┌─ SMS to (\S+) ─*\n([\s\S]*?)└/g)].map(([, to = '', lines = '']) => ({
    to,
    body: lines
      .trimEnd()
      .split('\n')
      .map(line => line.slice(2))
      .join(' '),
  }));
}

smsVendorContract('console', async () => {
  const { vendor, clock, printed } = build();
  return { vendor, clock, sent: () => boxes(printed()) };
});

test('console: a long link is printed in one piece', async () => {
  const { vendor, printed } = build();
  const link = `https://kyc.example.net/v/${'x'.repeat(100)}`;
  await vendor.send({ to: '+420601234567', body: `Please verify yourself here: ${link}` }, never);
  assert.ok(printed().includes(`│ ${link}\n`));
});

test('console: escape sequences and letters that turn direction do not reach the terminal', async () => {
  const { vendor, printed } = build();
  await vendor.send({ to: '+420601234567', body: 'a\u001b[2Jb\u202ec\u0000d' }, never);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(printed(), /[\u0000\u001b\u202e]/);
});

test('console: what it remembers is bounded', async () => {
  const { vendor, clock } = build();
  const since = clock.now();
  for (let index = 0; index <= 200; index += 1)
    await vendor.send({ to: '+420601234567', body: `text ${index}` }, never);
  assert.equal(await vendor.find({ to: '+420601234567', body: 'text 0', since }, never), null);
  assert.notEqual(await vendor.find({ to: '+420601234567', body: 'text 200', since }, never), null);
});

test('console: a text that finds no room is not sent yet, and the process goes on', t => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-console-'));
  const full = openSync('/dev/full', 'w');
  t.after(() => {
    closeSync(full);
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'printed');
  const of = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
  const program = `
    import { closeSync, openSync } from 'node:fs';
    import { createConsoleVendor } from ${of('effects/notices/vendors/console.js')};
    import { systemClock } from ${of('runtime/clock.js')};
    import { writeOut } from ${of('runtime/standard-output.js')};
    const vendor = createConsoleVendor(systemClock, { write: writeOut });
    const send = () => vendor.send({ to: '+420601234567', body: 'your link' }, new AbortController().signal);
    const refused = await send().then(() => 'sent', error => [error.kind, error.code].join(' '));
    closeSync(1);
    openSync(${JSON.stringify(file)}, 'w');
    writeOut(refused);
    await send();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', full, 'pipe'],
  });
  const printed = readFileSync(file, 'utf8');
  assert.ok(printed.startsWith('later ENOSPC'), printed);
  assert.deepEqual(boxes(printed), [{ to: '+420601234567', body: 'your link' }]);
});
