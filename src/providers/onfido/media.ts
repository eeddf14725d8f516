import { createHash } from 'node:crypto';
import type { MediaReference } from '../../domain/findings.js';
import { sniffContentType } from '../content-type.js';
import { type Media, ProviderError } from '../provider.js';
import { type ApiPath, apiPath, type OnfidoClient } from './client.js';
import { requireUuid, type Uuid } from './ids.js';

/** Of films one frame is fetched, which is what a reviewer looks at. */
const paths: Readonly<Record<MediaReference['kind'], (id: Uuid) => ApiPath>> = {
  document: id => apiPath`/documents/${id}/download`,
  document_back: id => apiPath`/documents/${id}/download`,
  selfie: id => apiPath`/live_photos/${id}/download`,
  selfie_video: id => apiPath`/live_videos/${id}/frame`,
  selfie_motion: id => apiPath`/motion_captures/${id}/frame`,
  id_photo: id => apiPath`/id_photos/${id}/download`,
};

/** Downloads one picture. A stated checksum must hold, except for films, where it is the film's and not the frame's. */
export async function downloadMedia(
  client: OnfidoClient,
  media: MediaReference,
  signal: AbortSignal,
): Promise<Media> {
  const path = paths[media.kind](requireUuid(media.ref));
  const bytes = await client.download(path, signal);
  if (bytes.length === 0) throw new ProviderError('later', `Onfido sent nothing for GET ${path.shape}`);
  const isFrame = media.kind === 'selfie_video' || media.kind === 'selfie_motion';
  if (media.sha256 !== undefined && !isFrame && sha256(bytes) !== media.sha256)
    throw new ProviderError('later', `what Onfido sent for GET ${path.shape} differs from its checksum`);
  return { contentType: sniffContentType(bytes), bytes };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
