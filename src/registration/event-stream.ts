import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../runtime/clock.js';
import { refusalOf } from '../runtime/refusal.js';
import type { Db } from '../store/db.js';
import { registrationEventsAfter } from '../store/registration-events.js';
import { findRegistration } from '../store/registrations.js';

/** How often the table is looked at: decisions may come from another process (`gatehouse review`). */
const lookMs = 500;
const heartbeatMs = 15_000;

/** Open streams of a listener, so that closing it can end them. */
export interface EventStreams {
  /** streams a registration's changes from after `Last-Event-ID` on, until the client goes away */
  open(request: FastifyRequest, reply: FastifyReply, registrationId: string): void;
  endAll(): void;
}

/** Builds the streams over the store; waiting goes by the given clock. */
export function createEventStreams(db: Db, clock: Clock): EventStreams {
  const ends = new Set<() => void>();
  return {
    open(request, reply, registrationId) {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...reply.getHeaders(),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      } as Record<string, string>);
      let after = lastEventId(request);
      let quietSince = clock.now();
      let cancel = () => {};
      const end = () => {
        cancel();
        ends.delete(end);
        raw.end();
      };
      const tellNews = () => {
        for (const event of registrationEventsAfter(db, registrationId, after)) {
          const data = JSON.stringify({ status: event.status, at: new Date(event.at).toISOString() });
          raw.write(`id: ${event.id}\nevent: ${event.status}\ndata: ${data}\n\n`);
          after = event.id;
          quietSince = clock.now();
        }
      };
      /** False when the customer was erased: asked again, the kiosk is told that there is no such registration. */
      const beat = (): boolean => {
        if (clock.now() - quietSince < heartbeatMs) return true;
        if (!findRegistration(db, registrationId)) return false;
        raw.write(': still here\n\n');
        quietSince = clock.now();
        return true;
      };
      const look = () => {
        try {
          tellNews();
          if (beat()) cancel = clock.after(lookMs, look);
          else end();
        } catch (error) {
          // the client comes back with the last event's id; of what the disk refuses the store's health tells
          end();
          if (refusalOf(error) === null) request.log.error({ err: error }, 'a stream of events ended early');
        }
      };
      ends.add(end);
      raw.on('close', end);
      raw.write('retry: 3000\n\n');
      look();
    },
    endAll() {
      for (const end of [...ends]) end();
    },
  };
}

function lastEventId(request: FastifyRequest): number {
  const header = request.headers['last-event-id'];
  const id = typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : 0;
  return id;
}
