import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load.js';
import { createKeyring } from '../runtime/keyring.js';
import { openStore, type Store } from '../store/store.js';
import type { CommandIo } from './command.js';

/** Opens the installation's databases for one command, beside a running gateway, and closes them afterwards. */
export async function withInstallation<Result>(
  io: CommandIo,
  work: (installation: { config: Config; store: Store }) => Promise<Result> | Result,
): Promise<Result> {
  const { config } = loadConfig({ env: io.env, cwd: io.cwd });
  const store = openStore(config.dataDir, createKeyring(config.masterKey), Date.now());
  try {
    return await work({ config, store });
  } finally {
    store.close();
  }
}
