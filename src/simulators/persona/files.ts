/** Files behind addresses that open them to anybody, for a while. */
import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { PersonaContext } from './context.js';
import type { StoredFile } from './world.js';

const key = randomBytes(32);

function tokenOf(id: string, until: number): string {
  return `${until}.${createHmac('sha256', key).update(`${id}.${until}`).digest('base64url')}`;
}

/** A new address of a file. */
export function fileUrlOf(context: PersonaContext, { id, name }: StoredFile): string {
  const until = context.schedule.now() + context.settings.fileLifeMs;
  return `${context.place.origin}/files/${id}/${name}?access_token=${tokenOf(id, until)}`;
}

type FileRoute = {
  Params: { id: string; name: string };
  Querystring: { access_token?: string };
};

export function fileRoutes(app: FastifyInstance, context: PersonaContext): void {
  app.get<FileRoute>('/files/:id/:name', async (request, reply) => {
    const file = context.world.files.get(request.params.id);
    const token = request.query.access_token ?? '';
    const until = Number(token.split('.')[0]);
    const isValid = file !== undefined && token === tokenOf(file.id, until);
    if (!isValid || until < context.schedule.now()) return reply.code(403).send('the address has run out');
    return reply.header('content-type', file.contentType).send(file.bytes);
  });
}
