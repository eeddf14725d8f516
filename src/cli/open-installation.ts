import { keepProviders } from '../compose/kept-providers.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load.js';
import { createKeyring } from '../runtime/keyring.js';
import { hasStore, openStore, type Store } from '../store/store.js';
import type { CommandIo } from './command.js';

type Work<Result> = (installation: { config: Config; store: Store }) => Promise<Result> | Result;

/**
 * Opens the installation's databases for one command, beside a running gateway, and closes them afterwards.
 *
 * @throws {ConfigError} as a start would
 * @throws where there is none: an empty one would answer for the one that is elsewhere
 */
export async function withInstallation<Result>(io: CommandIo, work: Work<Result>): Promise<Result> {
  const { config } = loadConfig({ env: io.env, cwd: io.cwd });
  if (hasStore(config.dataDir)) return await withStore(config, work);
  throw new Error(
    `there is no installation in ${config.dataDir}: set GATEHOUSE_DATA_DIR to the gateway’s data folder, or start the gateway once with this one`,
  );
}

/** The same for a command that may come before the first start: it makes the databases where there are none, and says so. */
export async function withInstallationMade<Result>(io: CommandIo, work: Work<Result>): Promise<Result> {
  const { config } = loadConfig({ env: io.env, cwd: io.cwd });
  const isNew = !hasStore(config.dataDir);
  return await withStore(config, async installation => {
    if (isNew)
      io.stderr.write(
        `A new installation was made in ${config.dataDir}. If the gateway keeps its data elsewhere, set GATEHOUSE_DATA_DIR to that folder and repeat this.\n`,
      );
    return await work(installation);
  });
}

async function withStore<Result>(config: Config, work: Work<Result>): Promise<Result> {
  const store = openStore(config.dataDir, createKeyring(config.masterKey), Date.now());
  try {
    return await work({ config: keepProviders(config, store.main), store });
  } finally {
    store.close();
  }
}
