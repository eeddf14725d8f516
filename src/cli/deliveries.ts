import { openDelivery } from '../intake/open-delivery.js';
import { countArrived, countUnreadable } from '../store/arrivals.js';
import { type DeliveryRow, findDelivery, listDeliveries, reopenDelivery } from '../store/deliveries.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { withInstallation } from './open-installation.js';
import { moment, table } from './table.js';

/** What becomes of those that have a row. */
const outcomes: readonly string[] = ['handed_on', 'ignored', 'foreign', 'final'];

/** `gatehouse deliveries`: what providers sent. */
export const command: Command = {
  name: 'deliveries',
  summary: 'Look at provider deliveries as received, and have one looked at again',
  usage: 'deliveries list [--outcome OUTCOME] [--limit N] [--json]\ndeliveries show ID\ndeliveries replay ID',
  options: {
    outcome: { type: 'string', value: 'OUTCOME', description: outcomes.join(', ') },
    limit: { type: 'string', value: 'N', description: 'at most so many (default 50)' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  maxPositionals: 2,
  async run(input) {
    const [action, id] = input.positionals;
    if (action === 'list' && id === undefined) return await list(input);
    if (action === 'show' || action === 'replay') return await one(input, action, id);
    throw new WrongUse('say what to do: deliveries list, show ID or replay ID');
  },
};

const columns = ['id', 'organization', 'received (UTC)', 'times', 'action', 'outcome'];

function shown(delivery: DeliveryRow) {
  return {
    id: delivery.id,
    organization: delivery.organization,
    provider: delivery.provider,
    receivedAt: new Date(delivery.received_at).toISOString(),
    times: delivery.times,
    action: delivery.action,
    checkRef: delivery.check_ref,
    outcome: delivery.outcome,
    contentKey: delivery.content_key.toString('hex'),
    bodyKept: delivery.body_sealed !== null,
  };
}

async function list(input: CommandInput): Promise<number> {
  const { outcome, limit } = input.values;
  if (typeof outcome === 'string' && !outcomes.includes(outcome))
    throw new WrongUse(`outcomes are ${outcomes.join(', ')}`);
  const most = typeof limit === 'string' ? Number(limit) : 50;
  if (!Number.isInteger(most) || most < 1 || most > 10_000)
    throw new WrongUse('--limit is a number from 1 to 10000');
  return await withInstallation(input, ({ store }) => {
    const filter = { limit: most, ...(typeof outcome === 'string' ? { outcome } : {}) };
    const deliveries = listDeliveries(store.inbox, filter);
    if (input.values.json === true) input.stdout.write(`${JSON.stringify(deliveries.map(shown), null, 2)}\n`);
    else
      input.stdout.write(
        asText(deliveries, {
          notLookedAt: countArrived(store.inbox),
          unreadable: countUnreadable(store.inbox),
        }),
      );
    return done;
  });
}

/** How many deliveries have no row of their own: not yet, or not ever. */
interface Rowless {
  readonly notLookedAt: number;
  readonly unreadable: number;
}

function asText(deliveries: readonly DeliveryRow[], { notLookedAt, unreadable }: Rowless): string {
  const rows = deliveries.length === 0 ? '' : table(columns, deliveries.map(rowOf));
  const unseen = counted(notLookedAt, 'not looked at yet');
  const unopened = counted(unreadable, 'cannot be opened: damaged, or sealed with another key');
  return rows + unseen + unopened || 'Nothing was delivered yet.\n';
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? 'was' : 'were'} kept and ${what}.\n`;
}

function rowOf(delivery: DeliveryRow): string[] {
  const { id, organization, received_at, times, action, outcome } = delivery;
  return [String(id), organization, moment(received_at), String(times), action ?? '', outcome ?? 'waiting'];
}

async function one(input: CommandInput, action: 'show' | 'replay', id: string | undefined): Promise<number> {
  if (id === undefined || !/^\d{1,15}$/.test(id))
    throw new WrongUse('a delivery’s id is a number: see deliveries list');
  return await withInstallation(input, ({ store }) => {
    const delivery = findDelivery(store.inbox, Number(id));
    if (!delivery) {
      input.stderr.write(`There is no delivery ${id}.\n`);
      return failed;
    }
    if (action === 'show') {
      const body = openDelivery(store, delivery)?.toString() ?? null;
      input.stdout.write(`${JSON.stringify({ ...shown(delivery), body }, null, 2)}\n`);
      return done;
    }
    const again = reopenDelivery(store.inbox, delivery.id);
    if (again) input.stdout.write('It will be looked at again within a minute, if the gateway runs.\n');
    else input.stderr.write('Its body was dropped, because it is about somebody else’s applicant.\n');
    return again ? done : failed;
  });
}
