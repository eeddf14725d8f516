import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { basePath, type OnfidoContext, timestamp } from './context.js';
import { notFound } from './errors.js';
import { namedApplicant } from './find.js';
import { frameJpeg } from './pictures.js';
import { type Media, type MediaKind, mediaKinds, mediaOf } from './world.js';

const challenge = [
  { type: 'recite', query: [3, 9, 2] },
  { type: 'movement', query: 'turnLeft' },
];

/** What is stored, besides what follows from it. */
export interface NewMedia {
  readonly kind: MediaKind;
  readonly applicantId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** documents only */
  readonly type?: string;
  readonly side?: string | null;
  readonly issuingCountry?: string | null;
}

/** Keeps a file and makes the object that the API shows for it. */
export function storeMedia(context: OnfidoContext, given: NewMedia): Media {
  const id = randomUUID();
  const href = `${basePath}/${given.kind}/${id}`;
  const extension = given.contentType.split('/')[1] ?? 'bin';
  const document = {
    applicant_id: given.applicantId,
    type: given.type ?? 'unknown',
    side: given.side ?? null,
    issuing_country: given.issuingCountry ?? null,
  };
  const wire = {
    id,
    created_at: timestamp(context),
    href,
    download_href: `${href}/download`,
    file_name: given.fileName,
    file_type: given.kind === 'documents' ? extension : given.contentType,
    file_size: given.bytes.length,
    ...(given.kind === 'documents' ? document : {}),
    ...(given.kind === 'live_videos' ? { challenge } : {}),
  };
  const { kind, applicantId, contentType, bytes } = given;
  const media: Media = { kind, applicantId, contentType, bytes, wire };
  context.world.media.set(id, media);
  return media;
}

function findMedia(context: OnfidoContext, kind: MediaKind, id: string): Media {
  const media = context.world.media.get(id);
  if (media?.kind !== kind) throw notFound(kind.replace(/s$/, '').replace('_', ' '), id);
  return media;
}

function sendFile(reply: FastifyReply, contentType: string, name: string, bytes: Buffer) {
  const safeName = name.replace(/[^\w.-]/g, '_');
  return reply
    .header('content-type', contentType)
    .header('content-disposition', `attachment; filename="${safeName}"`)
    .send(bytes);
}

type ById = { Params: { id: string } };

function registerKind(app: FastifyInstance, context: OnfidoContext, kind: MediaKind): void {
  app.get<{ Querystring: { applicant_id?: string } }>(`/${kind}`, async request => {
    const applicant = namedApplicant(context.world, request.query.applicant_id);
    return { [kind]: mediaOf(context.world, applicant.wire.id, kind).map(media => media.wire) };
  });
  app.get<ById>(`/${kind}/:id`, async request => findMedia(context, kind, request.params.id).wire);
  app.get<ById>(`/${kind}/:id/download`, (request, reply) => {
    const media = findMedia(context, kind, request.params.id);
    return sendFile(reply, media.contentType, media.wire.file_name, media.bytes);
  });
}

/** Lists, objects and files of what applicants uploaded. */
export function mediaRoutes(app: FastifyInstance, context: OnfidoContext): void {
  for (const kind of mediaKinds) registerKind(app, context, kind);
  for (const kind of ['live_videos', 'motion_captures'] as const) {
    app.get<ById>(`/${kind}/:id/frame`, (request, reply) => {
      findMedia(context, kind, request.params.id);
      return sendFile(reply, 'image/jpeg', 'frame.jpeg', frameJpeg);
    });
  }
  for (const part of ['nfc_face', 'video/download']) {
    app.get<ById>(`/documents/:id/${part}`, async request => {
      findMedia(context, 'documents', request.params.id);
      throw notFound(part === 'nfc_face' ? 'nfc face of document' : 'video of document', request.params.id);
    });
  }
}
