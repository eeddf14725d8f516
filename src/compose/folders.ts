import { join } from 'node:path';
import type { Config } from '../config/config.js';

/** Where sealed pictures rest. */
export function vaultFolder(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'vault');
}
