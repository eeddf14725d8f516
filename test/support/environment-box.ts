import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Appliance, compose } from '../../src/compose.js';
import type { Config } from '../../src/config/config.js';
import { startKratosSimulator } from '../../src/simulators/kratos/index.js';
import { captureLog } from '../runtime/captured-log.js';
import { call } from './call.js';
import { secrets } from './installation.js';
import { webhookSecret } from './ory.js';

/**
 * A folder with a simulated Kratos beside it and somebody known there, for boxes that are started from an environment
 * only, one after the other. All of it ends with the test, also when a start is refused.
 */
export async function openEnvironmentBox(t: TestContext) {
  const cwd = mkdtempSync(join(tmpdir(), 'gatehouse-env-'));
  const kratos = await startKratosSimulator();
  const { id: kratosId } = kratos.createIdentity({ email: 'ada@example.net' });
  let appliance: Appliance | undefined;
  t.after(async () => {
    await appliance?.close();
    await kratos.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  const running = () => appliance ?? assert.fail('the gateway runs');
  return {
    cwd,
    kratos,
    kratosId,
    running,
    /** what every such environment has */
    common: {
      GATEHOUSE_MASTER_KEY: secrets.GATEHOUSE_MASTER_KEY,
      ORY_WEBHOOK_SECRET: webhookSecret,
      KRATOS_ADMIN_URL: kratos.adminUrl,
    },
    /** ends the box of before and starts one, but for the ports, which a test cannot have */
    async start(config: Config): Promise<Appliance> {
      await appliance?.close();
      appliance = undefined;
      const free = { host: '127.0.0.1', port: 0 };
      const publicListener = { ...config.publicListener, ...free };
      const privateListener = { ...config.privateListener, ...free };
      appliance = await compose({ ...config, publicListener, privateListener }, { log: captureLog().log });
      await appliance.start();
      return appliance;
    },
    /** a call of Kratos' about them */
    hook: (path: string, body: object = {}) =>
      call({ origin: running().addresses.private }, 'POST', path, {
        headers: { authorization: `Bearer ${webhookSecret}` },
        body: { identity_id: kratosId, ...body },
      }),
  };
}
