import { existsSync, readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asFields, asText } from '../wire/fields.js';
import type { OnfidoContext } from './context.js';
import { errorBody, OnfidoError } from './errors.js';
import { storeMedia } from './media.js';
import { type OutcomeName, outcomes, readOutcome } from './outcomes.js';
import { applicantUploaded } from './run-life.js';
import { useSdkToken } from './sdk-token.js';
import type { MediaKind, SdkToken } from './world.js';

/** Compiled code finds the script beside itself, or, where nothing was copied yet, in the sources. */
const scriptPlaces = ['./assets/web-sdk.js', '../../../../src/simulators/onfido/assets/web-sdk.js'];

function readScript(): string {
  const place = scriptPlaces.map(path => new URL(path, import.meta.url)).find(url => existsSync(url));
  if (!place)
    throw new Error('assets/web-sdk.js is missing beside the Onfido simulator; run "npm run build"');
  return readFileSync(place, 'utf8');
}

/**
 * The page's address. Browsers send no Referer from an https page to a plain http simulator, although loopback is safe;
 * then, and only then, the Origin stands for it, and a page with `no-referrer` goes unnoticed. Give the simulator `tls`
 * where that matters.
 */
function refererOf(context: OnfidoContext, request: FastifyRequest): string | undefined {
  const { referer, origin } = request.headers;
  const hidden = context.place.origin.startsWith('http:') && origin?.startsWith('https:');
  return referer ?? (hidden ? `${origin}/` : undefined);
}

function tokenOf(context: OnfidoContext, request: FastifyRequest): SdkToken {
  return useSdkToken(context, request.headers.authorization, refererOf(context, request));
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('access-control-allow-origin', request.headers.origin ?? '*').header('vary', 'origin');
}

const faces: Readonly<Record<string, readonly [kind: MediaKind, name: string, type: string]>> = {
  standard: ['live_photos', 'selfie.png', 'image/png'],
  video: ['live_videos', 'selfie.webm', 'video/webm'],
  motion: ['motion_captures', 'motion.webm', 'video/webm'],
};

function bytesOf(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body;
  throw new OnfidoError(422, 'validation_error', 'The picture is missing');
}

function captureRoutes(scope: FastifyInstance, context: OnfidoContext): void {
  scope.get('/session', async request => {
    const token = tokenOf(context, request);
    const list = Object.entries(outcomes).map(([name, { description }]) => ({ name, description }));
    return { workflow_run_id: token.runId, outcomes: list };
  });
  scope.post('/outcome', async (request, reply) => {
    const token = tokenOf(context, request);
    const name = asText(asFields(request.body).outcome) ?? '';
    if (!Object.hasOwn(outcomes, name))
      throw new OnfidoError(422, 'validation_error', 'There is no such outcome');
    context.world.decisions.set(token.runId ?? token.applicantId, readOutcome(name as OutcomeName));
    return reply.code(204).send();
  });
  scope.post<{ Querystring: { side?: string } }>('/documents', async (request, reply) => {
    const { applicantId } = tokenOf(context, request);
    const side = request.query.side === 'back' ? 'back' : 'front';
    const file = { fileName: `document-${side}.png`, contentType: 'image/png', bytes: bytesOf(request) };
    const media = storeMedia(context, { kind: 'documents', applicantId, type: 'passport', side, ...file });
    return reply.code(201).send({ id: media.wire.id, type: 'passport', side });
  });
  scope.post<{ Querystring: { variant?: string } }>('/faces', async (request, reply) => {
    const { applicantId } = tokenOf(context, request);
    const variant = Object.hasOwn(faces, request.query.variant ?? '')
      ? (request.query.variant ?? '')
      : 'standard';
    const [kind, fileName, contentType] = faces[variant] ?? ['live_photos', 'selfie.png', 'image/png'];
    const media = storeMedia(context, { kind, applicantId, fileName, contentType, bytes: bytesOf(request) });
    applicantUploaded(context, applicantId);
    return reply.code(201).send({ id: media.wire.id, variant });
  });
}

/** The script at `/v14`, and below `/_sdk` what it talks to from the customer's browser. */
export function registerWebSdk(app: FastifyInstance, context: OnfidoContext): void {
  const script = readScript();
  app.get<{ Params: { version: string } }>('/:version', async (request, reply) => {
    if (!/^v14(\.\d+){0,2}$/.test(request.params.version)) return reply.callNotFound();
    return reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(script);
  });
  app.register(
    async scope => {
      scope.addContentTypeParser(/^(image|video)\//, { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      scope.addHook('onRequest', async (request, reply) => allowOrigin(request, reply));
      scope.setErrorHandler((error, _request, reply) => {
        const known =
          error instanceof OnfidoError ? error : new OnfidoError(400, 'bad_request', 'cannot be read');
        return reply.code(known.status).send(errorBody(known));
      });
      scope.options('/*', async (_request, reply) => {
        reply.header('access-control-allow-methods', 'GET, POST').header('access-control-max-age', '600');
        reply.header('access-control-allow-private-network', 'true');
        return reply.header('access-control-allow-headers', 'authorization, content-type').code(204).send();
      });
      captureRoutes(scope, context);
    },
    { prefix: '/_sdk', bodyLimit: 12 * 1024 * 1024 },
  );
}
