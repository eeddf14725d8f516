/** For operators without Twilio, and for the demo: the message is printed where the operator can see it. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../runtime/clock.js';
import { type DeliveryReport, SmsError, type SmsMessage, type SmsVendor } from './vendor.js';

const remembered = 200;
const width = 60;

interface Printed extends DeliveryReport {
  readonly to: string;
  readonly body: string;
  readonly at: number;
}

/**
 * Prints number and text in full to `stream`, which may throw when it cannot, since somebody has to pass them on by hand: under systemd they end up in
 * the journal, so this is not for real customers. Nobody reports delivery, so `sent` is the last that is known.
 * `find` knows only what this process printed, the last 200 messages; after a restart a message whose outcome was
 * unknown may be printed twice.
 */
export function createConsoleVendor(clock: Clock, stream: { write(text: string): unknown }): SmsVendor {
  const printed: Printed[] = [];

  /** What was not printed in full reached nobody who could pass it on. */
  function print(text: string): void {
    try {
      stream.write(text);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      throw new SmsError('later', `console: could not be printed (${code})`, { code, mayHaveActed: false });
    }
  }

  return {
    name: 'console',

    async send(message, signal) {
      if (signal.aborted)
        throw new SmsError('later', 'console: stopped before printing', { mayHaveActed: false });
      const ref = `console_${randomUUID()}`;
      print(box(message));
      printed.push({ ref, status: 'sent', to: message.to, body: message.body, at: clock.now() });
      if (printed.length > remembered) printed.shift();
      return { ref };
    },

    async find({ to, body, since, isClaimed }) {
      const found = printed.findLast(
        one => one.to === to && one.body === body && one.at >= since && !isClaimed?.(one.ref),
      );
      return found ? { ref: found.ref, status: found.status } : null;
    },

    readStatus: () => null,
  };
}

/** The link stays in one piece, whatever its length, so that it can be clicked or copied. */
function box(message: SmsMessage): string {
  const title = ` SMS to ${printable(message.to)} `;
  const lines = wrap(printable(message.body)).map(line => `│ ${line}`);
  return [
    '',
    `┌─${title}${'─'.repeat(Math.max(0, width - title.length))}`,
    ...lines,
    `└${'─'.repeat(width + 1)}`,
    '',
  ].join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/).filter(word => word !== '')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** An escape sequence in a text must not move the operator's cursor, nor must letters run backwards. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
