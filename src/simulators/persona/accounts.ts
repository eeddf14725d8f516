import type { FastifyInstance } from 'fastify';
import { type PersonaContext, timestamp } from './context.js';
import { conflict, notFound } from './errors.js';
import { redactInquiry } from './inquiry-life.js';
import { accountWire } from './wire.js';
import type { Account } from './world.js';

/** Everything below an account goes with it. */
function redactAccount(context: PersonaContext, account: Account): void {
  if (account.attributes['redacted-at'] !== null) throw conflict('Account already redacted');
  account.attributes['redacted-at'] = timestamp(context);
  for (const inquiry of context.world.inquiries.values())
    if (inquiry.accountId === account.id && inquiry.attributes['redacted-at'] === null)
      redactInquiry(context, inquiry);
}

/** `/accounts` and below, as far as redacting goes. */
export function accountRoutes(app: FastifyInstance, context: PersonaContext): void {
  const { accounts } = context.world;
  app.get<{ Querystring: Record<string, string> }>('/accounts', async request => {
    const reference = request.query['filter[reference-id]'];
    const found = [...accounts.values()].filter(
      ({ attributes }) => reference === undefined || attributes['reference-id'] === reference,
    );
    return { data: found.map(accountWire), links: { prev: null, next: null } };
  });
  app.delete<{ Params: { id: string } }>('/accounts/:id', async request => {
    const account = accounts.get(request.params.id);
    if (!account) throw notFound();
    redactAccount(context, account);
    return { data: accountWire(account) };
  });
}
