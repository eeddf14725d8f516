/** `Idempotency-Key`: the first answer is given again for a day, an error's too. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PersonaContext } from './context.js';
import { badRequest, conflict } from './errors.js';

const lifeMs = 24 * 60 * 60_000;

interface Kept {
  /** null where the call was refused before it was read */
  readonly parameters: string | null;
  readonly at: number;
  /** null while the first call is under way */
  answer: { readonly status: number; readonly payload: string } | null;
}

function parametersOf(request: FastifyRequest): string {
  const body = JSON.stringify(request.body ?? null);
  return createHash('sha256').update(`${request.method} ${request.url}\n${body}`).digest('hex');
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return request.method === 'POST' && typeof key === 'string' ? key : undefined;
}

/** Adds it to every POST of a scope. */
export function answerOnce(scope: FastifyInstance, context: PersonaContext): void {
  const answers = new Map<string, Kept>();
  const first = new WeakSet<FastifyRequest>();

  scope.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return undefined;
    const parameters = parametersOf(request);
    const kept = answers.get(key);
    if (!kept || kept.at + lifeMs < context.schedule.now()) {
      answers.set(key, { parameters, at: context.schedule.now(), answer: null });
      first.add(request);
      return undefined;
    }
    if (kept.parameters !== null && kept.parameters !== parameters)
      throw badRequest('The idempotency key was used before with other parameters');
    if (!kept.answer) throw conflict('A request with this idempotency key is under way');
    const { status, payload } = kept.answer;
    return reply.code(status).type('application/json').send(payload);
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    const key = keyOf(request);
    if (key === undefined || typeof payload !== 'string') return payload;
    const answer = { status: reply.statusCode, payload };
    const kept = answers.get(key);
    if (!kept) answers.set(key, { parameters: null, at: context.schedule.now(), answer });
    else if (first.has(request)) kept.answer = answer;
    return payload;
  });
}
