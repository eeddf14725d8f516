/**
 * The gateway's listener and intake routes with nothing behind them: it verifies, keeps nothing, and answers. What the
 * gateway is slower than this is the price of keeping.
 */
import { serveOrganizations } from '../../../src/compose/serve-organizations.js';
import { loadConfig } from '../../../src/config/load.js';
import { createListener } from '../../../src/http/server.js';
import { registerIntake } from '../../../src/intake/routes.js';
import { createProvider } from '../../../src/providers/registry.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { createOutbound } from '../../../src/runtime/create-outbound.js';
import { createLog } from '../../../src/runtime/log.js';
import { keepCollectionsShort } from '../../../src/runtime/memory.js';
import { openTls } from '../../../src/tls/open-tls.js';
import { sayReady } from './say-ready.js';

keepCollectionsShort();
const { config } = loadConfig({ env: process.env, cwd: process.cwd() });
const log = createLog(config.log);
const { dataDir, hostname, limits, trustedProxies } = config;
const outbound = createOutbound({ allowPrivate: true });
const organizations = serveOrganizations(
  config,
  ({ provider }) =>
    createProvider(provider, {
      outbound,
      clock: systemClock,
      tokens: () => [],
      sign: () => Buffer.alloc(32),
    }),
  new Map(),
);
const tls = await openTls(config.publicListener.tls, { dataDir, hostname, clock: systemClock, log });
const app = createListener({ name: 'public', log, limits, tls, trustedProxies });
await app.register(async scope =>
  registerIntake(scope, {
    organizations,
    clock: systemClock,
    inbox: { keep: (_delivery, answer) => answer(null) },
    onKept: () => {},
    deliveryBytes: limits.deliveryBytes,
    deliveriesPerSecond: limits.deliveriesPerSecond,
  }),
);
await app.listen({ host: '127.0.0.1', port: 0 });
sayReady(app.server);
