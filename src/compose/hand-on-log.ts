import type { HandOnOptions } from '../intake/hand-on.js';
import type { Log } from '../runtime/log.js';
import { isToldByHealth } from './store-health.js';

/**
 * What the log says of handing on. Each delivery that comes in has what waits tried again, so what keeps it from being
 * handed on is said once, until it is something else or is over.
 */
export function createHandOnLog(log: Log): Pick<HandOnOptions, 'onTrouble' | 'onUnreadable'> {
  let said: string | null = null;
  return {
    onTrouble(error) {
      if (error === null) {
        if (said !== null) log.info({}, 'deliveries are handed on again');
        said = null;
        return;
      }
      const words = wordsOf(error);
      if (words === said || isToldByHealth(error)) return;
      said = words;
      log.error({ err: error }, 'handing on deliveries failed; they wait');
    },
    onUnreadable: (delivery, error) =>
      log.error({ delivery, err: error }, 'a kept delivery cannot be opened; it is ignored and stays'),
  };
}

function wordsOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
