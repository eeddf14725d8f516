import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Config, OnfidoSettings } from '../../src/config/config.js';
import { type LoadedConfig, loadConfig } from '../../src/config/load.js';
import { ConfigError } from '../../src/config/problems.js';

/** Long and unlike anything else, so that a leak of any of them is seen in whatever was printed. */
export const secrets = {
  GATEHOUSE_MASTER_KEY: 'b9c1a74e0d5f62838f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978',
  ONFIDO_API_TOKEN: 'api_live.Qm7vTkYzW2x.pL9sJd4fGh6rBn1cVx8wEq3tUy5oIa0k',
} as const;

/** The shortest settings file that loads with {@link secrets}. */
export const shortest = `organizations:
  - id: 1
    name: Example Coins
    countries: [CZ]
`;

/** An organization's Onfido settings; fails the test when it has another provider. */
export function onfidoOf(config: Config, index = 0): OnfidoSettings {
  const provider = config.organizations[index]?.provider;
  if (provider?.provider !== 'onfido') throw new Error('not an organization with Onfido');
  return provider;
}

/** A folder with a configuration that loads, to be spoiled by a test. Removed when the test ends. */
export interface Workshop {
  readonly dir: string;
  write(path: string, content: string, mode?: number): string;
  load(env?: Record<string, string | undefined>): LoadedConfig;
  /** the same without its configuration folder */
  emptied(): Workshop;
  /** with exactly this environment */
  loadWith(env: Readonly<Record<string, string | undefined>>): LoadedConfig;
  /** the lines of the error; fails the test's expectation by being empty when it loads */
  lines(env?: Record<string, string | undefined>): string[];
}

export function openWorkshop(t: TestContext, settings = shortest): Workshop {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const workshop: Workshop = {
    dir,
    write(path, content, mode) {
      const whole = join(dir, path);
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, content);
      if (mode !== undefined) chmodSync(whole, mode);
      return whole;
    },
    emptied() {
      rmSync(join(dir, 'config'), { recursive: true });
      return workshop;
    },
    load: env => workshop.loadWith({ ...secrets, ...env }),
    loadWith: env => loadConfig({ env, cwd: dir }),
    lines(env) {
      try {
        workshop.load(env);
        return [];
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return String(error).split('\n');
      }
    },
  };
  workshop.write('config/hostname', 'kyc.example.net\n');
  workshop.write('config/gatehouse.yaml', settings);
  return workshop;
}
