import { type IncomingMessage, request as requestHttp } from 'node:http';
import type { Ends } from './world.js';

/** One server-sent event. */
export interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly status: string; readonly at: string };
}

/** An open stream. */
export interface EventStream {
  readonly status: number;
  readonly type: string;
  /** what came so far */
  readonly events: readonly SentEvent[];
  /** resolves when so many events came */
  untilCount(count: number): Promise<void>;
  /** resolves when this was said, as an event or not */
  untilText(text: string): Promise<void>;
  /** resolves when the server ended it */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a stream of a registration's changes. */
export async function openEvents(
  t: Ends,
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventStream> {
  const { hostname, port } = new URL(origin);
  const request = requestHttp({ host: hostname, port, path, headers, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
  t.after(async () => void request.destroy());
  let text = '';
  let onMore = () => {};
  const events: SentEvent[] = [];
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    events.splice(0, events.length, ...parse(text));
    onMore();
  });
  response.on('error', () => {});
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo())
      await new Promise<void>(resolve => {
        onMore = resolve;
      });
  }

  const ended = new Promise<void>(resolve => response.once('close', resolve));
  return {
    status: response.statusCode ?? 0,
    type: String(response.headers['content-type']),
    events,
    untilCount: count => until(() => events.length >= count),
    untilText: wanted => until(() => text.includes(wanted)),
    ended,
    close: () => void request.destroy(),
  };
}

function parse(text: string): SentEvent[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.flatMap(block => {
    const fields = Object.fromEntries(
      block.split('\n').map(line => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
    return fields.data === undefined
      ? []
      : [{ id: fields.id ?? '', event: fields.event ?? '', data: JSON.parse(fields.data) }];
  });
}
