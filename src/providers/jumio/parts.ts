/** The pictures of a run: which there are, and fetching one. */
import type { MediaReference } from '../../domain/findings.js';
import { sniffContentType } from '../content-type.js';
import { asList, asRecord, field } from '../json.js';
import { type Media, ProviderError } from '../provider.js';
import { apiPath, type JumioClient } from './client.js';
import { isClassifier, isUuid, partRefOf, requirePart } from './ids.js';

type Kind = MediaReference['kind'];

/** A 3D face map is no picture. */
function kindOfPart(category: unknown, classifier: string): Kind | null {
  if (category === 'ID' || category === 'DOCUMENT')
    return classifier === 'BACK' ? 'document_back' : 'document';
  const isFace = classifier === 'FACE' || /^LIVENESS_\d{1,2}$/.test(classifier);
  return isFace && (category === 'SELFIE' || category === 'FACEMAP') ? 'selfie' : null;
}

/** The pictures the details name, in a fixed order. A part without an address was never taken, or is deleted. */
export function mediaOf(details: Readonly<Record<string, unknown>>): MediaReference[] {
  const accountId = field(asRecord(field(details, 'account')), 'id');
  if (!isUuid(accountId)) return [];
  const found = asList(field(details, 'credentials')).flatMap(each => {
    const credential = asRecord(each);
    const credentialId = field(credential, 'id');
    if (!isUuid(credentialId)) return [];
    return asList(field(credential, 'parts')).flatMap(part => {
      const classifier = field(asRecord(part), 'classifier');
      if (!isClassifier(classifier) || field(asRecord(part), 'href') !== true) return [];
      const kind = kindOfPart(field(credential, 'category'), classifier);
      return kind ? [{ kind, ref: partRefOf({ accountId, credentialId, classifier }) }] : [];
    });
  });
  const byRef = new Map(found.map(each => [each.ref, each]));
  return [...byRef.values()].sort((one, other) => (one.ref < other.ref ? -1 : 1));
}

const expected = ['image/jpeg', 'image/png', 'application/pdf'];

/** Downloads one picture. What it is, its bytes say. */
export async function downloadPart(
  client: JumioClient,
  media: MediaReference,
  signal: AbortSignal,
): Promise<Media> {
  const { accountId, credentialId, classifier } = requirePart(media.ref);
  const path = apiPath`/accounts/${accountId}/credentials/${credentialId}/parts/${classifier}`;
  const bytes = await client.download(path, signal);
  if (bytes.length === 0) throw new ProviderError('later', `Jumio sent nothing for GET ${path.shape}`);
  const contentType = sniffContentType(bytes);
  if (expected.includes(contentType)) return { contentType, bytes };
  throw new ProviderError('refused', `what Jumio sent for GET ${path.shape} is no picture`);
}
