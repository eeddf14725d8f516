import type { MediaReference } from '../../domain/findings.js';
import { sniffContentType } from '../content-type.js';
import { asRecord, field } from '../json.js';
import { type Media, ProviderError } from '../provider.js';
import { apiPath, type PersonaClient } from './client.js';
import { requirePhoto } from './ids.js';
import { resourceAnswer } from './payload.js';
import { photoUrlOf } from './photos.js';
import { fileUrl } from './places.js';

/** Downloads one photo, from an address asked for just now. */
export async function downloadPhoto(
  client: PersonaClient,
  apiBase: string,
  media: MediaReference,
  signal: AbortSignal,
): Promise<Media> {
  const { verificationId, page } = requirePhoto(media.ref);
  const path = apiPath`/verifications/${verificationId}`;
  const { data } = await client.get(path, resourceAnswer, { signal });
  const text = photoUrlOf(asRecord(field(data, 'attributes')), page);
  if (text === undefined) throw new ProviderError('missing', 'Persona no longer has this photo');
  const url = fileUrl(apiBase, text);
  if (url === null) throw new ProviderError('refused', 'the address of the photo is not Persona’s');
  const bytes = await client.download(url, signal);
  if (bytes.length === 0) throw new ProviderError('later', 'Persona sent nothing for a photo');
  return { contentType: sniffContentType(bytes), bytes };
}
