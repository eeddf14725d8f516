/** What proves something by means of the shim is worth no more than the shim: here it is shown to lose what it should. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { withoutProgram } from '../support/skips.js';
import { createDiskControl, cutPower, readShimLog, type ShimOptions, shimEnvironment } from './shim.js';

const skip = withoutProgram('cc');
const writer = fileURLToPath(new URL('./writer.js', import.meta.url));

function place(t: TestContext) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-shim-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const dir = join(folder, 'data');
  mkdirSync(dir);
  return { dir, disk: join(folder, 'disk'), log: join(folder, 'log'), control: join(folder, 'control') };
}

function start(work: string, options: ShimOptions & { dir: string }, synchronous = 'FULL') {
  const env = { ...process.env, ...shimEnvironment(options) };
  return spawn(process.execPath, [writer, options.dir, work, synchronous], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Lets the writer do its work and die; the folder is then as a power cut leaves it. */
async function liveAndDie(
  work: string,
  options: ShimOptions & { dir: string; disk: string },
  synchronous?: string,
): Promise<void> {
  const writing = start(work, options, synchronous);
  let said = '';
  writing.stdout.on('data', chunk => {
    said += chunk;
  });
  const [, signal] = await once(writing, 'close');
  assert.deepEqual([said, signal], ['done\n', 'SIGKILL']);
  cutPower(options.disk, options.dir);
}

function rowsIn(dir: string): number {
  const db = new Database(join(dir, 'rows.db'));
  try {
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
    return Number(db.prepare('SELECT count(*) FROM rows').pluck().get());
  } finally {
    db.close();
  }
}

/** Talks to the `refusals` writer: each word has it commit once more and say how that went. */
function ask(writing: ReturnType<typeof start>) {
  const lines: string[] = [];
  let more = () => {};
  let rest = '';
  writing.stdout.on('data', chunk => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    more();
  });
  return async (word?: string): Promise<string> => {
    if (word !== undefined) writing.stdin.write(word);
    while (lines.length === 0) await new Promise<void>(resolve => (more = resolve));
    return lines.shift() ?? '';
  };
}

test('what was committed with FULL survives a power cut', { skip }, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('rows', { dir, disk });
  assert.equal(rowsIn(dir), 100);
});

test('it survives too when the disk writes back early and tears what it writes', { skip }, async t => {
  const { dir, disk } = place(t);
  for (let cut = 1; cut <= 3; cut++) {
    await liveAndDie('rows', { dir, disk, early: 50 });
    assert.equal(rowsIn(dir), cut * 100);
  }
});

test('what was committed with OFF is lost: the shim really drops what nobody synced', { skip }, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('rows', { dir, disk }, 'OFF');
  assert.throws(() => rowsIn(dir), /no such table/);
});

test('with NORMAL the commits since the last checkpoint are lost', { skip }, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('rows', { dir, disk });
  await liveAndDie('rows', { dir, disk }, 'NORMAL');
  assert.equal(rowsIn(dir), 100);
});

test('a file whose folder nobody synced is lost, however well its content was', { skip }, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('carelessly', { dir, disk });
  assert.equal(existsSync(join(dir, 'a')), false);
});

test('a process that died before it began has left everything as it was', { skip }, t => {
  const { dir, disk } = place(t);
  shimEnvironment({ dir, disk });
  writeFileSync(join(dir, 'picture'), 'whole');
  cutPower(disk, dir);
  assert.equal(readFileSync(join(dir, 'picture'), 'utf8'), 'whole');
});

test('what is written atomically survives, in new folders too', { skip }, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('atomically', { dir, disk });
  assert.equal(readFileSync(join(dir, 'a', 'b', 'picture'), 'utf8'), 'whole');
});

test('what is written elsewhere under the number of a closed file does not get into that file', {
  skip,
}, async t => {
  const { dir, disk } = place(t);
  await liveAndDie('numbers', { dir, disk, early: 100 });
  assert.equal(readFileSync(join(dir, 'picture'), 'utf8'), 'whole');
});

test('refusals come and go by command, and nothing is left of what was refused', { skip }, async t => {
  const { dir, control } = place(t);
  const command = createDiskControl(control);
  const writing = start('refusals', { dir, control });
  t.after(() => writing.kill('SIGKILL'));
  const say = ask(writing);
  assert.equal(await say(), 'ready');
  assert.equal(await say('x'), 'kept');
  command({ error: 'ENOSPC' });
  assert.equal(await say('x'), 'SQLITE_FULL');
  command({ error: 'EIO' });
  assert.match(await say('x'), /^SQLITE_IOERR/);
  command({ error: 'EROFS' });
  assert.match(await say('x'), /^SQLITE_(IOERR|READONLY)/);
  command({ error: 'ENOSPC', part: 'another.db' });
  assert.equal(await say('x'), 'kept');
  command({});
  assert.equal(await say('x'), 'kept');
  writing.stdin.end();
  await once(writing, 'close');
  assert.equal(rowsIn(dir), 3);
});

test('a connection that has the number of a file closed before is no file', { skip }, async t => {
  const { dir, control } = place(t);
  const command = createDiskControl(control);
  const writing = start('reuses', { dir, control });
  t.after(() => writing.kill('SIGKILL'));
  const port = Number(await ask(writing)());
  command({ error: 'EIO' });
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', chunk => {
    said += chunk;
  });
  await once(socket, 'close');
  assert.equal(said, 'hello');
});

/** Whether a sync of the log ended after the request was sent and before the first byte of the answer. */
async function syncedBeforeAnswer(t: TestContext, synchronous: string): Promise<boolean> {
  const { dir, log } = place(t);
  const options = { dir, log, logSends: true, syncDelayUs: 2_000 };
  const writing = start('answers', options, synchronous);
  t.after(() => writing.kill('SIGKILL'));
  const port = Number(await ask(writing)());
  const sent = process.hrtime.bigint();
  const socket = connect(port, '127.0.0.1').resume();
  await once(socket, 'close');
  const lines = readShimLog(log).filter(({ at }) => at > sent);
  const answer = lines.findIndex(line => line.kind === 'send' && line.port === port);
  assert.ok(answer >= 0, 'the answer is in the log');
  return lines
    .slice(0, answer)
    .some(
      line =>
        line.kind === 'sync' &&
        line.ok &&
        line.began > sent &&
        line.path.endsWith('rows.db-wal') &&
        line.at - line.began >= 2_000_000n,
    );
}

test('the log tells in which order a sync ended and an answer was sent, and how long the sync took', {
  skip,
}, async t => {
  assert.equal(await syncedBeforeAnswer(t, 'FULL'), true);
  assert.equal(await syncedBeforeAnswer(t, 'OFF'), false);
});
