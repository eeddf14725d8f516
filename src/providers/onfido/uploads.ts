/** What a customer has uploaded, and which of it a check should be made of. Choosing is pure. */
import { apiPath, type OnfidoClient } from './client.js';
import { requireUuid, type Uuid } from './ids.js';
import { documentList, livePhotoList, liveVideoList, motionCaptureList, type Upload } from './payload.js';
import { byAge } from './workflow-runs.js';

/** Kinds of selfie, each with a facial report of its own. */
export type Variant = 'photo' | 'video' | 'motion';

export type Selfie = Upload & { readonly variant: Variant };

export interface Uploads {
  readonly documents: readonly Upload[];
  readonly selfies: readonly Selfie[];
}

export async function listUploads(
  client: OnfidoClient,
  applicantRef: string,
  signal: AbortSignal,
): Promise<Uploads> {
  const options = { query: { applicant_id: requireUuid(applicantRef) }, signal };
  const [documents, photos, videos, motions] = await Promise.all([
    client.get(apiPath`/documents`, documentList, options),
    client.get(apiPath`/live_photos`, livePhotoList, options),
    client.get(apiPath`/live_videos`, liveVideoList, options),
    client.get(apiPath`/motion_captures`, motionCaptureList, options),
  ]);
  const as = (variant: Variant) => (upload: Upload) => ({ ...upload, variant });
  return {
    documents: documents.documents,
    selfies: [
      ...photos.live_photos.map(as('photo')),
      ...videos.live_videos.map(as('video')),
      ...motions.motion_captures.map(as('motion')),
    ],
  };
}

/** The material of one check. */
export interface Selection {
  readonly documentIds: readonly Uuid[];
  readonly variant: Variant;
}

/**
 * The newest document with the newest picture of its other side, and the kind of the newest selfie, out of what no
 * earlier check has used; null while one of the two is not there. Retakes leave older pictures behind, and Onfido
 * itself compares the most recent selfie only.
 */
export function selectUploads(uploads: Uploads, usedMedia: readonly string[]): Selection | null {
  const used = new Set(usedMedia);
  const documents = uploads.documents.filter(each => !used.has(each.id)).sort(newestFirst);
  const [selfie] = uploads.selfies.filter(each => !used.has(each.id)).sort(newestFirst);
  const [newest] = documents;
  if (!newest || !selfie) return null;
  const otherSide = documents.find(each => isOtherSide(each, newest));
  return { documentIds: [newest.id, ...(otherSide ? [otherSide.id] : [])], variant: selfie.variant };
}

function newestFirst(one: Upload, other: Upload): number {
  return byAge(other, one);
}

function isOtherSide(one: Upload, other: Upload): boolean {
  return one.type === other.type && Boolean(one.side) && Boolean(other.side) && one.side !== other.side;
}

/** The configured reports, with the facial one that fits the kind of selfie. */
export function reportNamesFor(configured: readonly string[], variant: Variant): string[] {
  const fitted = configured.map(name => {
    if (!name.startsWith('facial_similarity_')) return name;
    const fits = name === `facial_similarity_${variant}` || name.startsWith(`facial_similarity_${variant}_`);
    return fits ? name : `facial_similarity_${variant}`;
  });
  return [...new Set(fitted)];
}
