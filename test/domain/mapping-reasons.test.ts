import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeReason, wordsOf } from '../../src/domain/reasons.js';

test('a known path has words of its own', () => {
  const words: [string, string][] = [
    ['document.data_validation.document_expiration', 'The document has expired'],
    ['document.image_integrity.image_quality:blurred_photo', 'The picture of the document is blurred'],
    [
      'facial_similarity_photo.visual_authenticity.spoofing_detection',
      'The selfie seems to be a picture of a picture',
    ],
    [
      'facial_similarity_motion.image_integrity.source_integrity:fake_webcam',
      'The selfie comes from a fake camera',
    ],
    ['known_faces.previously_seen_faces', 'The face was seen before with another customer'],
  ];
  for (const [path, expected] of words) assert.equal(describeReason(path), expected);
});

test('the variants of a report share their words', () => {
  const path = 'data_validation.document_expiration';
  for (const name of ['document', 'document_video', 'document_with_address_information'])
    assert.equal(describeReason(`${name}.${path}`), 'The document has expired');
  for (const variant of ['photo', 'photo_fully_auto', 'video', 'motion'])
    assert.equal(
      describeReason(`facial_similarity_${variant}.face_comparison.face_match`),
      'The face does not match the one on the document',
    );
});

test('an unknown reason below a known place keeps the words of the place', () => {
  assert.equal(
    describeReason('document.image_integrity.image_quality:upside_down'),
    'The pictures of the document are not good enough (upside down)',
  );
});

test('an unknown path is read out as it stands', () => {
  assert.equal(
    describeReason('document.hologram_check.shine'),
    'The report “document” is not clear: hologram check, shine',
  );
  assert.equal(describeReason('watchlist_aml'), 'The report “watchlist aml” is not clear');
});

test('what is not a name of the provider is not repeated', () => {
  assert.equal(wordsOf('<b>Ada Quill</b>'), 'unnamed');
  assert.ok(!describeReason('document.Ada Quill, born 1991').includes('Ada'));
});

test('any text has words', () => {
  for (const path of ['', '.', ':', '..:', '__proto__', 'constructor.prototype'])
    assert.ok(describeReason(path).length > 0);
});
