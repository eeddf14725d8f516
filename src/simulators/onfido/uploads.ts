import type { FastifyInstance, FastifyRequest } from 'fastify';
import { locationProblems, mergeLocation } from './applicant-fields.js';
import type { OnfidoContext } from './context.js';
import { invalid, OnfidoError } from './errors.js';
import { namedApplicant } from './find.js';
import { type NewMedia, storeMedia } from './media.js';
import { applicantUploaded } from './run-life.js';
import type { Applicant, Media, MediaKind } from './world.js';

/** A `multipart/form-data` body: its text parts, and the part `file`. */
interface Form {
  readonly texts: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly bytes: Buffer } | undefined;
}

async function readForm(request: FastifyRequest): Promise<Form> {
  const type = request.headers['content-type'] ?? '';
  if (!Buffer.isBuffer(request.body) || !type.startsWith('multipart/form-data'))
    throw new OnfidoError(400, 'bad_request', 'The request must be multipart/form-data');
  const raw = new Response(new Uint8Array(request.body), { headers: { 'content-type': type } });
  const data = await raw.formData().catch(() => {
    throw new OnfidoError(400, 'bad_request', 'The multipart body cannot be read');
  });
  const texts: Record<string, string> = {};
  let file: Form['file'];
  for (const [name, value] of data) {
    if (typeof value === 'string') texts[name] = value;
    else if (name === 'file') file = { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return { texts, file };
}

const signatures: readonly (readonly [type: string, start: string])[] = [
  ['image/png', '89504e47'],
  ['image/jpeg', 'ffd8ff'],
  ['application/pdf', '25504446'],
];

const limits: Readonly<Partial<Record<MediaKind, readonly [min: number, max: number]>>> = {
  documents: [2 * 1024, 3 * 1024 * 1024],
  live_photos: [32 * 1024, 10 * 1024 * 1024],
  id_photos: [32 * 1024, 10 * 1024 * 1024],
};

function checkFile(kind: MediaKind, file: Form['file']) {
  if (!file || file.bytes.length === 0) throw invalid({ file: ["can't be blank"] });
  const start = file.bytes.subarray(0, 4).toString('hex');
  const contentType = signatures.find(([, bytes]) => start.startsWith(bytes))?.[0];
  if (contentType === undefined) throw invalid({ file: ['must be a jpg, png or pdf'] });
  const [min, max] = limits[kind] ?? [0, Number.POSITIVE_INFINITY];
  if (file.bytes.length < min) throw invalid({ file: ['is too small'] });
  if (file.bytes.length > max) throw invalid({ file: ['is too large'] });
  return { fileName: file.name, bytes: file.bytes, contentType };
}

function documentFields(texts: Form['texts']): Pick<NewMedia, 'type' | 'side' | 'issuingCountry'> {
  const { type, side, issuing_country: country } = texts;
  if (!type || !/^[a-z_]+$/.test(type))
    throw invalid({ type: [type ? 'is not a valid document type' : "can't be blank"] });
  if (side !== undefined && side !== 'front' && side !== 'back')
    throw invalid({ side: ['must be front or back'] });
  if (country !== undefined && !/^[A-Z]{3}$/.test(country))
    throw invalid({ issuing_country: ['is invalid'] });
  return { type, side: side ?? null, issuingCountry: country ?? null };
}

function takeLocation(applicant: Applicant, text: string | undefined): void {
  if (text === undefined) return;
  let location: unknown;
  try {
    location = JSON.parse(text);
  } catch {
    throw invalid({ location: ['must be JSON'] });
  }
  const problems = locationProblems(location);
  if (Object.keys(problems).length > 0) throw invalid({ location: [problems] });
  mergeLocation(applicant.wire, location);
}

async function upload(context: OnfidoContext, kind: MediaKind, request: FastifyRequest): Promise<Media> {
  const { texts, file } = await readForm(request);
  const applicant = namedApplicant(context.world, texts.applicant_id);
  const checked = checkFile(kind, file);
  const extra = kind === 'documents' ? documentFields(texts) : {};
  if (kind === 'documents') takeLocation(applicant, texts.location);
  const media = storeMedia(context, { kind, applicantId: applicant.wire.id, ...checked, ...extra });
  applicantUploaded(context, applicant.wire.id);
  return media;
}

/** Uploads through the API; videos and motion captures come from the SDKs only. */
export function uploadRoutes(app: FastifyInstance, context: OnfidoContext): void {
  const bodyLimit = 12 * 1024 * 1024;
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
  for (const kind of ['documents', 'live_photos', 'id_photos'] as const) {
    app.post(`/${kind}`, { bodyLimit }, async (request, reply) => {
      return reply.code(201).send((await upload(context, kind, request)).wire);
    });
  }
}
