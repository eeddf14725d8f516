/** What is asked of boxes of every size. */
import type { Asked } from './load/orders.js';
import { requestText } from './load/requests.js';
import { kioskKey, type Seeded } from './seed/seed.js';
import { deliveryPath, webhookToken } from './servers/box.js';

/** One kind of question. */
export interface Question {
  readonly name: string;
  /** on the private listener, which speaks plain http, or the public one */
  readonly privately: boolean;
  ask(seeded: Seeded): Asked;
}

const headers = {
  host: '127.0.0.1',
  authorization: `Bearer ${kioskKey}`,
  'content-type': 'application/json',
};

export const questions: readonly Question[] = [
  {
    name: 'intake',
    privately: false,
    ask: () => ({ kind: 'deliveries', path: deliveryPath, token: webhookToken }),
  },
  {
    name: 'POST /api/v1/identities/lookup',
    privately: true,
    ask: ({ phones }) => ({
      kind: 'requests',
      texts: shuffled(phones).map(phone =>
        requestText('POST', '/api/v1/identities/lookup', headers, JSON.stringify({ phone })),
      ),
    }),
  },
  {
    name: 'GET /api/v1/registrations/{id}',
    privately: true,
    ask: ({ registrations }) => ({
      kind: 'requests',
      texts: shuffled(registrations).map(id =>
        requestText('GET', `/api/v1/registrations/${id}`, { ...headers, 'content-type': 'text/plain' }),
      ),
    }),
  },
];

/** The same order every time, but none that follows the years. */
function shuffled<T>(items: readonly T[]): T[] {
  const step = 2_741;
  return items.map((_item, place) => items[(place * step) % items.length] as T);
}
