import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { TestClock } from '../../support/clock.js';

interface Sent {
  readonly sid: string;
  readonly form: URLSearchParams;
  readonly created: number;
  status: string;
  body: string;
}

/** The two calls of Twilio's messages resource that the vendor uses, on loopback. */
export async function startFakeTwilio(t: TestContext, clock: TestClock) {
  const messages: Sent[] = [];
  const requests: IncomingMessage[] = [];
  let next: ((response: ServerResponse) => void) | undefined;
  let loseAnswer = false;

  const server = createServer((request, response) => {
    requests.push(request);
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const act = next;
      next = undefined;
      if (act) return act(response);
      if (request.method === 'GET')
        return answer(response, 200, page(new URL(request.url!, 'http://x').searchParams));
      const form = new URLSearchParams(text);
      const message = {
        sid: `SM${randomBytes(16).toString('hex')}`,
        form,
        created: clock.now(),
        status: 'queued',
        body: form.get('Body') ?? '',
      };
      messages.unshift(message);
      if (loseAnswer) return request.socket.destroy();
      answer(response, 201, resource(message));
    });
  });

  const page = (query: URLSearchParams) => ({
    messages: messages.filter(one => one.form.get('To') === query.get('To')).map(resource),
    next_page_uri: null,
  });

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise(resolve => server.close(resolve).closeAllConnections()));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    requests,
    /** the next call is refused so */
    refuse(status: number, body: unknown, headers: Record<string, string> = {}) {
      next = response => answer(response, status, body, headers);
    },
    /** the next message is taken, and the answer cut */
    loseNextAnswer() {
      loseAnswer = true;
    },
    stop: () => new Promise(resolve => server.close(resolve)),
  };
}

function resource(message: Sent) {
  return {
    sid: message.sid,
    account_sid: 'AC00000000000000000000000000000000',
    to: message.form.get('To'),
    from: message.form.get('From'),
    body: message.body,
    status: message.status,
    direction: 'outbound-api',
    num_segments: '1',
    date_created: new Date(message.created).toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    date_updated: null,
    error_code: null,
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}
