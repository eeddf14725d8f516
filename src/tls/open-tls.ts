import type { TlsSettings } from '../config/config.js';
import type { Clock } from '../runtime/clock.js';
import type { Log } from '../runtime/log.js';
import { createSelfSigned } from './self-signed.js';
import type { TlsSource } from './tls-source.js';
import { watchFiles } from './watch-files.js';

export interface TlsSurroundings {
  readonly dataDir: string;
  readonly hostname: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The certificate source a listener's settings ask for.
 * @throws when there is no usable certificate; the message names the file and the remedy
 */
export async function openTls(settings: TlsSettings, surroundings: TlsSurroundings): Promise<TlsSource> {
  if (settings.mode === 'self-signed') return createSelfSigned(surroundings);
  return watchFiles({ ...surroundings, certificate: settings.certificate, key: settings.key });
}
