import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { filledIn } from '../../src/cli/print/shipped.js';
import { command } from '../../src/cli/print.js';
import { freePort } from '../support/free-port.js';
import {
  commonPair,
  hostname,
  type InstallationOptions,
  writeInstallation,
} from '../support/installation.js';
import {
  allHooks,
  around,
  kratosConfig,
  kratosSchemaFile,
  type OryActions,
} from '../support/kratos-schema.js';
import { excusedSkip, withoutProgram, withoutSpec } from '../support/skips.js';
import { runInTerminal } from './terminal.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const secret = 'whsec-a7f3c1';
const vendors = {
  onfido: { url: 'http://127.0.0.1:1/v3.6', sdkUrl: 'http://127.0.0.1:1' },
  twilio: { url: 'http://127.0.0.1:1' },
};
const listeners = { public: { host: '127.0.0.1', port: 7743 }, private: { port: 3000 } };
const kratos = { adminUrl: 'http://127.0.0.1:4434' };

/** Prints for an installation of its own; its webhook URLs are those of its front. */
async function print(t: TestContext, argv: string[], options: InstallationOptions = {}) {
  const installation = writeInstallation(vendors, await commonPair(), {
    organizations: [{ ory: true }],
    secrets: { ORY_WEBHOOK_SECRET: secret },
    ...options,
    settings: { listeners, kratos, ...options.settings },
    files: { onfido: '', ...options.files },
  });
  t.after(() => installation.remove());
  const seen = await runInTerminal(command, argv, { cwd: installation.dir, env: installation.env });
  return { ...seen, installation };
}

const yamlOf = ({ stdout }: { stdout: string }) => parse(stdout) as OryActions;

test('ory: the snippet names this box, carries the templates, and holds a placeholder for the secret', async t => {
  const seen = await print(t, ['ory']);
  assert.equal(seen.code, 0, seen.stderr);
  assert.doesNotMatch(seen.stdout + seen.stderr, new RegExp(secret));
  const hooks = allHooks(yamlOf(seen));
  assert.equal(hooks.length, 15);
  for (const { config } of hooks) {
    const name = config.id === 'idv-initiate' ? 'initiate' : 'validate';
    assert.equal(config.url, `http://127.0.0.1:3000/onfido/${name}`);
    const template = Buffer.from(config.body.replace('base64://', ''), 'base64').toString();
    assert.equal(template, readFileSync(join(root, 'jsonnet', `${name}.jsonnet`), 'utf8'));
    assert.equal(config.auth.config.value, 'Bearer CHANGE-ME');
  }
});

test('ory: the secret is printed when it is asked for, however it is spelt', async t => {
  const odd = `${secret}: "#{}`;
  const seen = await print(t, ['ory', '--with-secret', '--provider', 'onfido'], {
    secrets: { ORY_WEBHOOK_SECRET: odd },
  });
  for (const { config } of allHooks(yamlOf(seen))) assert.equal(config.auth.config.value, `Bearer ${odd}`);
  assert.doesNotMatch(seen.stdout, /CHANGE-ME/);
});

test('ory: what is printed is a configuration that Kratos accepts', {
  skip: withoutSpec(kratosSchemaFile),
}, async t => {
  const accepts = kratosConfig();
  for (const argv of [['ory'], ['ory', '--with-secret']]) {
    const printed = yamlOf(await print(t, argv));
    assert.ok(accepts(around(printed)), JSON.stringify(accepts.errors));
  }
});

test('ory: each provider has its own URLs, in a configuration that Kratos accepts', {
  skip: withoutSpec(kratosSchemaFile),
}, async t => {
  const accepts = kratosConfig();
  const clientId = { secret: 'JUMIO_CLIENT_ID' };
  const organizations = [
    { ory: true },
    {
      id: 'j',
      ory: true,
      provider: 'jumio',
      jumio: { clientId, clientSecret: clientId, authUrl: 'https://auth.emea-1.jumio.ai/oauth2/token' },
    },
    { id: 'p', ory: true, provider: 'persona', persona: { apiKey: clientId, templateId: 'itmpl_Test0001' } },
  ];
  const secrets = { ORY_WEBHOOK_SECRET: secret, JUMIO_CLIENT_ID: 'x-4711-not-a-secret' };
  for (const provider of ['onfido', 'jumio', 'persona']) {
    const seen = await print(t, ['ory', '--provider', provider], { organizations, secrets });
    assert.equal(seen.code, 0, seen.stderr);
    const printed = yamlOf(seen);
    assert.ok(accepts(around(printed)), JSON.stringify(accepts.errors));
    for (const { config } of allHooks(printed))
      assert.match(config.url, new RegExp(`^http://127\\.0\\.0\\.1:3000/${provider}/(initiate|validate)$`));
  }
  const several = await print(t, ['ory'], { organizations, secrets });
  assert.deepEqual([several.code, several.stdout], [2, '']);
  assert.match(several.stderr, /onfido, jumio, persona/);
});

test('ory: with hooks on the public listener their URLs are the public ones', async t => {
  const seen = await print(t, ['ory'], { settings: { ory: { hooks: 'public' } } });
  for (const { config } of allHooks(yamlOf(seen)))
    assert.match(config.url, /^https:\/\/kyc\.example\.net:7743\/onfido\//);
});

test('ory: nobody serves it, another provider, no secret: each is said', async t => {
  const none = await print(t, ['ory'], { organizations: [{}] });
  assert.deepEqual([none.code, none.stdout], [1, '']);
  assert.match(none.stderr, /ory: true/);
  const other = await print(t, ['ory', '--provider', 'jumio']);
  assert.deepEqual([other.code, other.stdout], [1, '']);
  assert.match(other.stderr, /there is onfido/);
  const unset = await print(t, ['ory'], { secrets: {} });
  assert.match(unset.stderr, /ORY_WEBHOOK_SECRET is unset/);
  const impossible = await print(t, ['ory', '--with-secret'], { secrets: {} });
  assert.deepEqual([impossible.code, impossible.stdout], [1, '']);
});

test('ory: --templates prints the sources', async t => {
  const { stdout, code } = await print(t, ['ory', '--templates']);
  assert.equal(code, 0);
  for (const name of ['initiate', 'validate'])
    assert.ok(stdout.includes(readFileSync(join(root, 'jsonnet', `${name}.jsonnet`), 'utf8')));
});

test('nginx: names, ports, certificate and listener of this box', async t => {
  const seen = await print(t, ['nginx'], {
    settings: { front: 'nginx', listeners: { public: { host: '0.0.0.0', port: 7800 } } },
  });
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /^ {4}listen 443 ssl;\n {4}listen 8743 ssl;$/m);
  assert.match(seen.stdout, /^ {4}server 127\.0\.0\.1:7800;$/m);
  assert.match(seen.stdout, /server_name kyc\.example\.net;/);
  assert.ok(seen.stdout.includes(join(seen.installation.dataDir, 'tls', 'self-signed.crt')));
  assert.match(seen.stdout, /#location ~ \^\/\(onfido\|jumio\|persona\)\/\(initiate\|validate\)/);
  assert.match(seen.stderr, /trustedProxies/);
});

test('nginx: a port of Gatehouse’s own and another front are pointed out', async t => {
  const files = { onfido: `webhook.onfido=https://${hostname}:7743\n` };
  const nginx = await print(t, ['nginx'], {
    settings: { front: 'nginx', trustedProxies: ['127.0.0.1'] },
    files,
  });
  assert.equal(
    nginx.stderr,
    'note: NGINX cannot listen on 7743, where Gatehouse listens: change listeners.public.port\n',
  );
  const direct = await print(t, ['nginx']);
  assert.match(direct.stderr, /set front: nginx/);
});

test('nginx: the program accepts what is printed, hooks included', {
  skip: withoutProgram('nginx'),
}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-print-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [site, hooks] = [await freePort(), await freePort()];
  const tls = { mode: 'files', certificate: 'cert.pem', key: 'key.pem' };
  const { stdout, installation } = await print(t, ['nginx'], {
    settings: {
      front: 'nginx',
      ory: { hooks: 'public' },
      site: { publicUrl: `https://${hostname}:${site}` },
      listeners: { public: { host: '127.0.0.1', port: 7743, tls } },
    },
    files: {
      onfido: `webhook.onfido=https://${hostname}:${hooks}\nwebhook.verificationSite=https://${hostname}:${hooks}\n`,
    },
  });
  assert.match(stdout, /^ {4}location ~ \^\/\(onfido\|jumio\|persona\)\/\(initiate\|validate\)/m);
  // the authority of a certificate from a public one; this machine's list may be elsewhere
  const trusted = join(installation.dir, 'config', 'cert.pem');
  const server = stdout
    .replaceAll('/var/log/nginx/', `${folder}/`)
    .replaceAll('/etc/ssl/certs/ca-certificates.crt', trusted);
  const file = join(folder, 'nginx.conf');
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder};`,
  );
  writeFileSync(file, `pid ${folder}/pid;\nevents {}\nhttp {\n${temps.join('\n')}\n${server}\n}\n`);
  const { stderr } = await promisify(execFile)('nginx', ['-t', '-e', `${folder}/error.log`, '-c', file]);
  assert.match(stderr, /test is successful/);
});

test('cloudflared: the public listener behind its own certificate, and nothing else', async t => {
  const seen = await print(t, ['cloudflared'], {
    settings: { front: 'cloudflared', trustedProxies: ['127.0.0.1'] },
  });
  assert.deepEqual([seen.code, seen.stderr], [0, '']);
  const { ingress } = parse(seen.stdout) as { ingress: unknown[] };
  const caPool = join(seen.installation.dataDir, 'tls', 'self-signed.crt');
  assert.deepEqual(ingress, [
    { hostname, service: 'https://localhost:7743', originRequest: { caPool, originServerName: 'localhost' } },
    { service: 'http_status:404' },
  ]);
  assert.doesNotMatch(seen.stdout, /3000/);
});

const valuesOf = (unit: string, key: string) =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);

test('systemd: folders, secrets and times of this box, and no secret itself', async t => {
  const seen = await print(t, ['systemd'], { settings: { limits: { shutdownTime: '60s' } } });
  assert.equal(seen.code, 0, seen.stderr);
  const { dir, dataDir } = seen.installation;
  assert.deepEqual(valuesOf(seen.stdout, 'WorkingDirectory'), [root.replace(/\/$/, '')]);
  assert.deepEqual(valuesOf(seen.stdout, 'ReadWritePaths'), [dataDir]);
  assert.deepEqual(valuesOf(seen.stdout, 'StateDirectory'), []);
  assert.deepEqual(valuesOf(seen.stdout, 'TimeoutStopSec'), ['85s']);
  assert.ok(valuesOf(seen.stdout, 'Environment').includes(`GATEHOUSE_CONFIG_DIR=${join(dir, 'config')}`));
  const names = valuesOf(seen.stdout, 'LoadCredential').map(value => value?.split(':')[0]);
  assert.deepEqual(names.sort(), [
    'GATEHOUSE_MASTER_KEY',
    'ONFIDO_API_TOKEN',
    'ORY_WEBHOOK_SECRET',
    'TWILIO_AUTH_TOKEN',
  ]);
  for (const value of Object.values(seen.installation.env)) assert.ok(!seen.stdout.includes(value));
});

test('systemd: a low port needs the capability', async t => {
  const settings = { listeners: { public: { host: '0.0.0.0', port: 443 } } };
  const { stdout } = await print(t, ['systemd'], { settings });
  assert.deepEqual(valuesOf(stdout, 'CapabilityBoundingSet'), ['CAP_NET_BIND_SERVICE']);
});

const absent = withoutProgram('systemd-analyze');
test('systemd itself finds nothing wrong with what is printed', {
  skip: absent && excusedSkip + absent,
}, async t => {
  const { stdout } = await print(t, ['systemd']);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-print-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gatehouse.service');
  writeFileSync(file, stdout);
  const verified = await promisify(execFile)('systemd-analyze', ['verify', file]);
  assert.doesNotMatch(verified.stdout + verified.stderr, /gatehouse/);
});

test('what cannot be printed is wrong use, and options belong to ory', async t => {
  for (const argv of [[], ['apache'], ['nginx', '--with-secret'], ['ory', '--secret']])
    assert.equal((await print(t, argv)).code, 2, argv.join(' '));
});

test('a place that the shipped file has not is a mistake, never passed over', () => {
  assert.equal(filledIn('a b a.', { a: 'b', b: 'a' }), 'b a b.');
  assert.throws(() => filledIn('a', { c: 'd' }), /lacks: c/);
});
