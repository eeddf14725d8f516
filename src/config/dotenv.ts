import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { contentOf, type Surroundings } from './folders.js';
import { ConfigError, createLedger } from './problems.js';

/**
 * The environment with a `.env` of the working folder laid under it: what the process was really given wins.
 *
 * @throws {ConfigError} when there is a `.env` that cannot be read
 */
export function environmentWithDotenv({ env, cwd }: Surroundings): Surroundings['env'] {
  const ledger = createLedger();
  const text = ledger.attempt('.env', '', () => contentOf(join(cwd, '.env')));
  if (ledger.problems.length > 0) throw new ConfigError(ledger.problems);
  return { ...parseEnv(text ?? ''), ...env };
}
