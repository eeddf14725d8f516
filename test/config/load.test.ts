import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onfidoOf, openWorkshop, secrets, shortest } from './workshop.js';

test('the shortest file gives every default', t => {
  const { config } = openWorkshop(t).load();
  assert.equal(config.hostname, 'kyc.example.net');
  assert.equal(config.front, 'direct');
  assert.equal(config.masterKey.toString('hex'), secrets.GATEHOUSE_MASTER_KEY);
  assert.deepEqual(config.publicListener, { host: '0.0.0.0', port: 7743, tls: { mode: 'self-signed' } });
  assert.deepEqual(config.privateListener, { host: '127.0.0.1', port: 3000 });
  assert.deepEqual(config.trustedProxies, []);
  assert.deepEqual(config.times, {
    linkMs: 5_400_000,
    uploadsMs: 600_000,
    silenceMs: 600_000,
    lostAnswerMs: 30_000,
  });
  assert.deepEqual(config.sms, { vendor: 'console', totalDaily: 1000 });
  assert.equal(config.kratos, undefined);
  const [organization] = config.organizations;
  assert.deepEqual(organization, {
    id: '1',
    name: 'Example Coins',
    autoRegistration: false,
    sandbox: false,
    countries: ['CZ'],
    language: 'en',
    expectedReports: ['document', 'facial'],
    provider: {
      provider: 'onfido',
      region: 'EU',
      apiToken: secrets.ONFIDO_API_TOKEN,
      apiBase: 'https://api.eu.onfido.com/v3.6',
      sdkUrl: 'https://sdk.onfido.com/v14',
      webhookTokens: [],
      mode: 'classic',
      trustApproved: false,
      strictFace: false,
      reportNames: ['document', 'facial_similarity_photo'],
      trust: {},
    },
    providerAt: 'config/gatehouse.yaml:2',
    verificationSite: { kind: 'built-in' },
    placeholderName: { first: 'Unnamed', last: 'Customer' },
    policy: { holdExpiredDocument: true, resubmissions: 0 },
    sms: { texts: {}, perNumberDaily: 5, perKioskDaily: 200 },
    mirror: false,
    ory: false,
  });
});

test('a full file arrives whole', t => {
  const workshop = openWorkshop(
    t,
    `front: nginx
site: {publicUrl: "https://verify.example.net/"}
listeners:
  public: {host: 127.0.0.1, port: 8443, tls: {mode: files, certificate: tls/c.pem, key: tls/k.pem}}
  private: {host: "::", port: 3001, tls: {}}
trustedProxies: [127.0.0.1, 10.0.0.0/8, "fd00::/8"]
limits: {deliverySize: 2MiB, bodySize: 128KiB, requestTime: 1m, headersTime: 5s, connections: 50, shutdownTime: 10s, perLinkMinute: 30}
times: {link: 1h30m, uploads: 5m, silence: 90s, lostAnswer: 45s}
sms:
  vendor: twilio
  totalDaily: 10
  twilio: {accountSid: ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, authToken: {secret: SMS_TOKEN}, from: "+420700000000"}
kratos: {adminUrl: "http://localhost:4434", publicUrl: "https://ory.example.net", apiKey: {secret: ORY}, fingerprint: "${'AB:'.repeat(31)}CD"}
log: {level: debug, format: pretty}
organizations:
  - id: prague
    name: "Prague: Coins"
    autoRegistration: true
    sandbox: true
    countries: [cz, NO]
    language: cs
    expectedReports: [document]
    provider: onfido
    onfido:
      apiToken: {secret: TOKEN_PRAGUE}
      region: ca
      mode: studio
      workflowId: 0f2a-11
      trustApproved: true
      strictFace: true
      webhookTokens: [{secret: HOOK_A}, {secret: HOOK_B}]
      referrer: "*://*.example.net/*"
      ca: tls/c.pem
    verificationSite: https://site.example.net/kyc/
    placeholderName: {first: Ada, last: Quill}
    policy: {minimumAge: 18, maximumAge: 75, documentCountries: [CZ, SVK], documentTypes: [passport], holdExpiredDocument: false, resubmissions: 2, module: policy.mjs}
    sms: {from: "+420700000001", perNumberDaily: 3, perKioskDaily: 9}
    texts: {link: {cs: "{organization}: {link} ({minutes})"}}
    mirror: false
`,
  );
  for (const file of ['tls/c.pem', 'tls/k.pem', 'policy.mjs']) workshop.write(`config/${file}`, 'x');
  const { config } = workshop.load({
    SMS_TOKEN: 'st',
    ORY: 'ok',
    TOKEN_PRAGUE: 'tp',
    HOOK_A: 'ha',
    HOOK_B: 'hb',
  });
  const at = (path: string) => `${workshop.dir}/config/${path}`;
  assert.deepEqual(config.publicListener.tls, {
    mode: 'files',
    certificate: at('tls/c.pem'),
    key: at('tls/k.pem'),
  });
  assert.deepEqual(config.privateListener, { host: '::', port: 3001, tls: { mode: 'self-signed' } });
  assert.deepEqual(config.limits, {
    deliveryBytes: 2_097_152,
    deliveriesPerSecond: 0,
    bodyBytes: 131_072,
    requestMs: 60_000,
    headersMs: 5000,
    connections: 50,
    shutdownMs: 10_000,
    perLinkMinute: 30,
  });
  assert.equal(config.urls.site, 'https://verify.example.net');
  assert.deepEqual(config.sms, {
    vendor: 'twilio',
    totalDaily: 10,
    twilio: {
      accountSid: `AC${'a'.repeat(32)}`,
      authToken: 'st',
      from: '+420700000000',
      apiBase: 'https://api.twilio.com',
    },
  });
  assert.deepEqual(config.kratos, {
    adminUrl: 'http://localhost:4434',
    publicUrl: 'https://ory.example.net',
    apiKey: 'ok',
    trust: { fingerprint: `${'ab'.repeat(31)}cd` },
  });
  const organization = config.organizations[0]!;
  assert.deepEqual(organization.countries, ['CZ', 'NO']);
  assert.deepEqual(organization.provider.webhookTokens, ['ha', 'hb']);
  assert.equal(onfidoOf(config).apiBase, 'https://api.ca.onfido.com/v3.6');
  assert.equal(onfidoOf(config).workflowId, '0f2a-11');
  assert.deepEqual(organization.provider.trust, { caFile: at('tls/c.pem') });
  assert.deepEqual(organization.verificationSite, { kind: 'external', url: 'https://site.example.net/kyc' });
  assert.deepEqual(organization.policy.documentCountries, ['CZE', 'SVK']);
  assert.equal(organization.policyModule, at('policy.mjs'));
  assert.deepEqual(organization.sms.texts, { link: { cs: '{organization}: {link} ({minutes})' } });
  assert.equal(organization.mirror, false);
});

test('sections whose settings are all commented out mean their defaults', t => {
  const empty = ['site', 'listeners', 'limits', 'times', 'sms', 'kratos', 'log'].map(
    key => `${key}:\n  #x: 1\n`,
  );
  const { config } = openWorkshop(t, `${empty.join('')}${shortest}    policy:\n    onfido:\n`).load();
  assert.equal(config.publicListener.port, 7743);
  assert.equal(config.kratos, undefined);
});

test('what is told to others follows from host name, front and listener', t => {
  const urls = (head: string) => openWorkshop(t, `${head}\n${shortest}`).load().config.urls;
  const site = 'https://kyc.example.net';
  const both = (outside: string) => ({ site, webhook: outside, submit: outside });
  assert.deepEqual(urls('front: direct'), both('https://kyc.example.net:7743'));
  assert.deepEqual(urls('listeners: {public: {port: 443}}'), both(site));
  assert.deepEqual(urls('front: nginx'), both('https://kyc.example.net:8743'));
  assert.deepEqual(urls('front: cloudflared'), both(site));
});

test('config/onfido overrides the two URLs', t => {
  const workshop = openWorkshop(t);
  workshop.write(
    'config/onfido',
    '# ours\nwebhook.onfido=https\\://hooks.example.net\\:8443\nwebhook.verificationSite: https://kyc.example.net:443\n',
  );
  const { config, origins } = workshop.load();
  assert.equal(config.urls.webhook, 'https://hooks.example.net:8443');
  assert.equal(config.urls.submit, 'https://kyc.example.net');
  assert.equal(origins.find(row => row.key === 'webhook.onfido')?.origin, 'config/onfido:2');
});

test('the environment wins over the file, and plain names belong to organization 1', t => {
  const { config, origins } = openWorkshop(
    t,
    `listeners: {private: {port: 4000}}
organizations:
  - {id: other, name: Other, countries: [US], onfido: {region: US, apiToken: {secret: OTHER_TOKEN}}}
  - {id: 1, name: First, countries: [CZ], onfido: {region: EU}}
`,
  ).load({
    OTHER_TOKEN: 'other',
    PORT: '4001',
    ONFIDO_REGION: 'ca',
    ONFIDO_WEBHOOK_TOKEN: 'hook',
    KRATOS_ADMIN_URL: 'http://127.0.0.1:4434',
    ORY_API_KEY: 'ory',
  });
  assert.equal(config.privateListener.port, 4001);
  assert.deepEqual(
    [0, 1]
      .map(index => onfidoOf(config, index))
      .map(({ region, apiToken, webhookTokens }) => [region, apiToken, webhookTokens]),
    [
      ['US', 'other', []],
      ['CA', secrets.ONFIDO_API_TOKEN, ['hook']],
    ],
  );
  assert.equal(config.kratos?.adminUrl, 'http://127.0.0.1:4434');
  assert.equal(config.kratos?.apiKey, 'ory');
  assert.equal(config.organizations[0]?.mirror, true);
  const origin = (key: string) => origins.find(row => row.key === key)?.origin;
  assert.equal(origin('listeners.private.port'), 'environment PORT');
  assert.equal(origin('organizations[1].onfido.region'), 'environment ONFIDO_REGION');
  assert.equal(origin('organizations[0].onfido.region'), 'config/gatehouse.yaml:3');
  assert.equal(origin('organizations[0].onfido.apiToken'), 'environment OTHER_TOKEN');
  assert.equal(origin('organizations[1].onfido.webhookTokens[0]'), 'environment ONFIDO_WEBHOOK_TOKEN');
  assert.equal(origin('kratos.adminUrl'), 'environment KRATOS_ADMIN_URL');
  assert.equal(origin('listeners.public.port'), 'default');
  assert.equal(origin('organizations[1].onfido.apiBase'), 'follows from region');
  assert.equal(origin('hostname'), 'config/hostname');
});

test('an empty variable is an unset one', t => {
  const { config } = openWorkshop(t).load({ PORT: '', ONFIDO_REGION: '', CREDENTIALS_DIRECTORY: '' });
  assert.equal(config.privateListener.port, 3000);
});

test('the two folders can be moved', t => {
  const workshop = openWorkshop(t);
  workshop.write('elsewhere/hostname', 'moved.example.net');
  workshop.write('elsewhere/gatehouse.yaml', shortest);
  const { config } = workshop.load({
    GATEHOUSE_CONFIG_DIR: 'elsewhere',
    GATEHOUSE_DATA_DIR: '/var/lib/gatehouse',
  });
  assert.equal(config.hostname, 'moved.example.net');
  assert.equal(config.configDir, `${workshop.dir}/elsewhere`);
  assert.equal(config.dataDir, '/var/lib/gatehouse');
});

test('loading changes neither the environment it was given nor the process', t => {
  const before = JSON.stringify(process.env);
  const env = Object.freeze({ ...secrets, PORT: '4001' });
  assert.doesNotThrow(() => openWorkshop(t).load(env));
  assert.equal(JSON.stringify(process.env), before);
});

test('Persona needs its key and a template; two secrets may stand in one variable', t => {
  const settings = `organizations:
  - {id: 1, name: A, countries: [CZ], provider: persona}
`;
  const env = { PERSONA_API_KEY: 'key', PERSONA_TEMPLATE_ID: 'itmpl_Abc1' };
  const { config, origins } = openWorkshop(t, settings).load({
    ...env,
    PERSONA_WEBHOOK_SECRET: 'wbhsec_new, wbhsec_old',
    PERSONA_INQUIRY_TYPE: 'hosted',
  });
  assert.deepEqual(config.organizations[0]?.provider, {
    provider: 'persona',
    apiKey: 'key',
    apiBase: 'https://api.withpersona.com/api/v1',
    templateId: 'itmpl_Abc1',
    inquiryType: 'hosted',
    approveCompleted: false,
    prefill: true,
    webhookTokens: ['wbhsec_new', 'wbhsec_old'],
    strictFace: false,
    trustApproved: false,
    trust: {},
  });
  assert.ok(!JSON.stringify(origins).includes('wbhsec'));
  assert.ok(!config.warnings.some(text => text.includes('Persona')));
  const [template, key] = openWorkshop(t, settings).lines();
  assert.match(String(template), /persona.templateId: is missing; write the id of the inquiry template/);
  assert.match(String(key), /persona.apiKey: needs the secret PERSONA_API_KEY, which is missing/);
});

test('what is probably not meant of Persona is said', t => {
  const warnings = (more: string, env: object = {}) =>
    openWorkshop(t, `organizations:\n  - {id: 1, name: A, countries: [CZ], provider: persona${more}}\n`)
      .load({ PERSONA_API_KEY: 'persona_sandbox_x', PERSONA_TEMPLATE_ID: 'tmpl_1', ...env })
      .config.warnings.join('\n');
  assert.match(warnings(''), /has no secret of Persona's webhook/);
  assert.match(warnings(''), /sandbox key but not sandbox: true/);
  const production = { PERSONA_API_KEY: 'persona_production_x', PERSONA_WEBHOOK_SECRET: 'x' };
  assert.match(warnings(', sandbox: true', production), /sandbox: true but a production key/);
  assert.match(
    warnings(', persona: {approveCompleted: true, trustApproved: true}', production),
    /takes Persona's "completed"/,
  );
  assert.doesNotMatch(warnings('', production), /Persona/);
});

test('Persona’s API stays in its domain, has a version, and needs no external site', t => {
  const lines = (more: string, template = 'itmpl_1') =>
    openWorkshop(t, `organizations:\n  - {id: 1, name: A, countries: [CZ], provider: persona, ${more}}\n`)
      .lines({ PERSONA_API_KEY: 'key', PERSONA_TEMPLATE_ID: template })
      .join('\n');
  assert.match(lines('persona: {apiBase: "https://example.net/api/v1"}'), /is outside withpersona.com/);
  assert.match(lines('persona: {apiBase: "https://api.withpersona.com"}'), /lacks the version path/);
  assert.match(lines('sandbox: true', 'inq_1'), /persona.templateId: is not the id of a Persona template/);
  assert.match(lines('verificationSite: "https://site.example.net"'), /Persona has a page of its own/);
  assert.match(lines('persona: {inquiryType: popup}'), /inquiryType: is not one of/);
});
