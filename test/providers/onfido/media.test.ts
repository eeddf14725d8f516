import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { MediaReference } from '../../../src/domain/findings.js';
import { sniffContentType } from '../../../src/providers/content-type.js';
import { downloadLimit } from '../../../src/providers/onfido/client.js';
import { id } from './fixtures.js';
import { signal, startApi } from './loopback.js';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x80, 0x00, 0xfe]);

test('what bytes are is seen from the bytes', () => {
  const cases: [Buffer, string][] = [
    [jpeg, 'image/jpeg'],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00]), 'image/png'],
    [Buffer.from('%PDF-1.7'), 'application/pdf'],
    [Buffer.concat([Buffer.from([0, 0, 0, 0x18]), Buffer.from('ftypmp42')]), 'video/mp4'],
    [Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 '), 'image/webp'],
    [Buffer.from('RIFF\x10\x00\x00\x00WAVEfmt '), 'application/octet-stream'],
    [Buffer.from('<html>'), 'application/octet-stream'],
    [Buffer.from([0xff, 0xd8]), 'application/octet-stream'],
    [Buffer.alloc(0), 'application/octet-stream'],
  ];
  for (const [bytes, expected] of cases) assert.equal(sniffContentType(bytes), expected);
});

const paths: [MediaReference['kind'], string][] = [
  ['document', '/documents/{id}/download'],
  ['document_back', '/documents/{id}/download'],
  ['selfie', '/live_photos/{id}/download'],
  ['selfie_video', '/live_videos/{id}/frame'],
  ['selfie_motion', '/motion_captures/{id}/frame'],
  ['id_photo', '/id_photos/{id}/download'],
];

test('every kind has its path; bytes arrive unharmed and their stated type is not believed', async t => {
  const api = await startApi(t, () => ({ bytes: jpeg, headers: { 'content-type': 'text/html' } }));
  for (const [kind, path] of paths) {
    const media = await api.onfido().download({ kind, ref: id(101) }, signal);
    assert.equal(api.seen().at(-1), `GET ${path.replace('{id}', id(101))}`);
    assert.deepEqual(media, { contentType: 'image/jpeg', bytes: jpeg });
  }
});

test('a stated checksum has to hold, except for the frame of a film', async t => {
  const api = await startApi(t, () => ({ bytes: jpeg }));
  const right = createHash('sha256').update(jpeg).digest('base64');
  const wrong = createHash('sha256').update('else').digest('base64');
  const download = (kind: MediaReference['kind'], sha256: string) =>
    api.onfido().download({ kind, ref: id(101), sha256 }, signal);
  await download('document', right);
  await assert.rejects(download('document', wrong), { kind: 'later' });
  await download('selfie_video', wrong);
});

test('nothing at all is not a picture', async t => {
  const api = await startApi(t, () => ({ bytes: Buffer.alloc(0) }));
  await assert.rejects(api.onfido().download({ kind: 'selfie', ref: id(201) }, signal), { kind: 'later' });
});

test('a file beyond the limit is refused, and one at it is not', async t => {
  let size = downloadLimit;
  const api = await startApi(t, () => ({ bytes: Buffer.alloc(size, 0xff) }));
  assert.equal(
    (await api.onfido().download({ kind: 'document', ref: id(101) }, signal)).bytes.length,
    downloadLimit,
  );
  size = downloadLimit + 1;
  await assert.rejects(api.onfido().download({ kind: 'document', ref: id(101) }, signal), {
    kind: 'refused',
  });
});

test('a picture that is gone is missing', async t => {
  const api = await startApi(t, () => ({ status: 404 }));
  await assert.rejects(api.onfido().download({ kind: 'selfie', ref: id(201) }, signal), { kind: 'missing' });
});
