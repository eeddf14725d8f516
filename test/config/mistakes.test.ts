import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkshop, shortest } from './workshop.js';

/** Settings (or a line more of the one organization, indented) and the one line they must give. */
const mistakes: readonly (readonly [
  title: string,
  settings: string,
  line: string,
  env?: Record<string, string>,
])[] = [
  [
    'an unknown key',
    `lisseners: {}\n${shortest}`,
    'config/gatehouse.yaml:1: lisseners: is not a known key; did you mean listeners?',
  ],
  [
    'a key in another spelling',
    `site:\n  public_url: https://a.example.net\n${shortest}`,
    'config/gatehouse.yaml:2: site.public_url: is not a known key; did you mean publicUrl?',
  ],
  [
    'a known key in the wrong place',
    `${shortest}    region: EU\n`,
    'config/gatehouse.yaml:5: organizations[0].region: is not a known key; its place is organizations[].onfido.region',
  ],
  [
    'a key like nothing known',
    `log:\n  zzzzzzzz: 1\n${shortest}`,
    'config/gatehouse.yaml:2: log.zzzzzzzz: is not a known key; known here: level and format',
  ],
  [
    'a section that is a value',
    `log: info\n${shortest}`,
    'config/gatehouse.yaml:1: log: is not a section; write its keys below it, indented: level and format',
  ],
  [
    'a list that is a value',
    `${shortest.replace('[CZ]', 'CZ')}`,
    'config/gatehouse.yaml:4: organizations[0].countries: is not a list; write its entries below it, each after "- ", or as [a, b]',
  ],
  [
    'a flag in words',
    `${shortest}    sandbox: yes\n`,
    'config/gatehouse.yaml:5: organizations[0].sandbox: is neither true nor false; write true or false, without quotes',
  ],
  [
    'a flag in quotes',
    `${shortest}    autoRegistration: "true"\n`,
    'config/gatehouse.yaml:5: organizations[0].autoRegistration: is neither true nor false; write true or false, without quotes',
  ],
  [
    'a word outside the list',
    `front: cloudflare\n${shortest}`,
    'config/gatehouse.yaml:1: front: is not one of direct, nginx or cloudflared; did you mean cloudflared?',
  ],
  [
    'a region that does not exist',
    `${shortest}    onfido:\n      region: UK\n`,
    'config/gatehouse.yaml:6: organizations[0].onfido.region: is not one of EU, US or CA; write EU, US or CA',
  ],
  [
    'a region in the environment that does not exist',
    shortest,
    'environment ONFIDO_REGION: organizations[0].onfido.region: is not one of EU, US or CA; write EU, US or CA',
    { ONFIDO_REGION: 'Europe' },
  ],
  [
    'a port in the environment that is none',
    shortest,
    'environment PORT: listeners.private.port: is not a whole number; write a whole number from 0 to 65535',
    { PORT: '3000/tcp' },
  ],
  [
    'a port out of range',
    `listeners:\n  public:\n    port: 77430\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.public.port: is out of range; write a whole number from 0 to 65535',
  ],
  [
    'a time without unit',
    `times:\n  link: 90\n${shortest}`,
    'config/gatehouse.yaml:2: times.link: is a number without a unit; write a time from 1m to 7d, such as 90s, 10m or 1h30m',
  ],
  [
    'a time too large',
    `times:\n  link: 8d\n${shortest}`,
    'config/gatehouse.yaml:2: times.link: is too large; write a time from 1m to 7d, such as 90s, 10m or 1h30m',
  ],
  [
    'a size that is a time',
    `limits:\n  bodySize: 1m\n${shortest}`,
    'config/gatehouse.yaml:2: limits.bodySize: is not a size; write a size from 4KiB to 4MiB, such as 64KiB or 1MiB',
  ],
  [
    'a country that does not exist',
    shortest.replace('CZ', 'CZ, XX'),
    'config/gatehouse.yaml:4: organizations[0].countries[1]: is not a country; write two letters of ISO 3166 in capitals, such as CZ or US',
  ],
  [
    'a country with three letters',
    shortest.replace('CZ', 'CZE'),
    'config/gatehouse.yaml:4: organizations[0].countries[0]: has three letters; write two letters of ISO 3166 in capitals, such as CZ or US; here CZ',
  ],
  [
    'a country twice',
    shortest.replace('CZ', 'CZ, cz'),
    'config/gatehouse.yaml:4: organizations[0].countries: has an entry twice; keep one of them',
  ],
  [
    'a language not spoken',
    `${shortest}    language: sk\n`,
    'config/gatehouse.yaml:5: organizations[0].language: is not one of en, cs, de, es or fr; write en, cs, de, es or fr',
  ],
  [
    'a provider not built',
    `${shortest}    provider: acme\n`,
    'config/gatehouse.yaml:5: organizations[0].provider: is not one of onfido, jumio or persona; write onfido, jumio or persona',
  ],
  [
    'a document country that does not exist',
    `${shortest}    policy: {documentCountries: [CZE, QQQ]}\n`,
    'config/gatehouse.yaml:5: organizations[0].policy.documentCountries[1]: is not a country; write three letters of ISO 3166 in capitals, such as CZE or USA',
  ],
  [
    'ages the wrong way round',
    `${shortest}    policy:\n      minimumAge: 70\n      maximumAge: 18\n`,
    'config/gatehouse.yaml:6: organizations[0].policy.minimumAge: is above maximumAge; write a minimumAge that is not above maximumAge',
  ],
  [
    'a number for a phone number',
    `sms:\n  twilio:\n    from: +420700000000\n${shortest}`,
    'config/gatehouse.yaml:3: sms.twilio.from: was read as a number; put it in quotes: a number in international form or a messaging service id, such as "+420700000000"',
  ],
  [
    'a text of an unknown kind',
    `${shortest}    texts:\n      lnk: {en: "{link}"}\n`,
    'config/gatehouse.yaml:6: organizations[0].texts.lnk: is not a known key; did you mean link?',
  ],
  [
    'a text in an unknown language',
    `${shortest}    texts:\n      link: {sk: "{link}"}\n`,
    'config/gatehouse.yaml:6: organizations[0].texts.link.sk: is not a known key; known here: en, cs, de, es and fr',
  ],
  [
    'a text with an unknown placeholder',
    `${shortest}    texts:\n      link: {en: "{organisation} {link}"}\n`,
    'config/gatehouse.yaml:6: organizations[0].texts.link.en: has a placeholder that does not exist; did you mean {organization}?',
  ],
  [
    'a link text without the link',
    `${shortest}    texts:\n      link: {en: "hello"}\n`,
    'config/gatehouse.yaml:6: organizations[0].texts.link.en: lacks {link}; put {link} where the link belongs',
  ],
  [
    'Studio without a workflow',
    `${shortest}    onfido:\n      mode: studio\n`,
    'config/gatehouse.yaml:5: organizations[0].onfido.workflowId: is missing, but mode is studio; write the id of the workflow as Studio shows it, or mode: classic',
  ],
  [
    'an expected report nobody asks for',
    `${shortest}    expectedReports: [document, known_faces]\n`,
    'config/gatehouse.yaml:5: organizations[0].expectedReports[1]: is a report that onfido.reportNames does not ask for; add it there, or remove it here',
  ],
  [
    'no expected report at all',
    `${shortest}    expectedReports: []\n`,
    'config/gatehouse.yaml:5: organizations[0].expectedReports: is empty, so that nothing would have to be clear; write [document, facial], or remove the line',
  ],
  [
    'an API base without version',
    `allowUnofficialHosts: true\n${shortest}    onfido:\n      apiBase: http://127.0.0.1:4010\n`,
    'config/gatehouse.yaml:7: organizations[0].onfido.apiBase: lacks the version path; end it with the version, as in https://api.eu.onfido.com/v3.6',
  ],
  [
    'an API base of another region',
    `${shortest}    onfido:\n      apiBase: https://api.us.onfido.com/v3.6\n`,
    'config/gatehouse.yaml:6: organizations[0].onfido.apiBase: is not the host of region EU; remove it, or write the region the token belongs to',
  ],
  [
    'a vendor outside its own domain',
    shortest,
    'environment ONFIDO_API_BASE: organizations[0].onfido.apiBase: is outside onfido.com; remove it, or write allowUnofficialHosts: true if credentials and customers may go there',
    { ONFIDO_API_BASE: 'http://127.0.0.1:4010/v3.6' },
  ],
  [
    'a vendor whose domain only looks right',
    `${shortest}    onfido:\n      sdkUrl: https://evilonfido.com/v14\n`,
    'config/gatehouse.yaml:6: organizations[0].onfido.sdkUrl: is outside onfido.com; remove it, or write allowUnofficialHosts: true if credentials and customers may go there',
  ],
  [
    'plain http to a vendor elsewhere',
    `allowUnofficialHosts: true\n${shortest}    onfido:\n      apiBase: http://10.0.0.1/v3.6\n`,
    'config/gatehouse.yaml:7: organizations[0].onfido.apiBase: is plain http to another machine; write an https URL, such as https://api.eu.onfido.com/v3.6; http is only for this machine itself',
  ],
  [
    'plain http to Kratos elsewhere',
    `kratos:\n  adminUrl: http://kratos:4434\n${shortest}`,
    'config/gatehouse.yaml:2: kratos.adminUrl: is plain http to another machine; write an https URL, such as http://127.0.0.1:4434; http is only for this machine itself',
  ],
  [
    'plain http to an external site elsewhere',
    `${shortest}    verificationSite: http://site.example.net\n`,
    'config/gatehouse.yaml:5: organizations[0].verificationSite: is plain http to another machine; write an https URL, such as https://kyc.example.net; http is only for this machine itself',
  ],
  [
    'a password in a URL',
    `kratos:\n  adminUrl: https://user:pass@ory.example.net\n${shortest}`,
    'config/gatehouse.yaml:2: kratos.adminUrl: carries a user name or password; write an https URL, such as http://127.0.0.1:4434; secrets are named, never written here',
  ],
  [
    'a query in a URL',
    `${shortest}    verificationSite: https://site.example.net/?a=1\n`,
    'config/gatehouse.yaml:5: organizations[0].verificationSite: carries a query or fragment; write only the base, such as https://kyc.example.net',
  ],
  [
    'a path in the public URL',
    `site:\n  publicUrl: https://kyc.example.net/kyc\n${shortest}`,
    'config/gatehouse.yaml:2: site.publicUrl: has a path; write only scheme, host and port, such as https://kyc.example.net',
  ],
  [
    'Kratos without its admin URL',
    `kratos:\n  publicUrl: https://ory.example.net\n${shortest}`,
    'config/gatehouse.yaml:1: kratos.adminUrl: is missing; write the URL of the admin API, set KRATOS_ADMIN_URL, or remove the section kratos',
  ],
  [
    'a mirror without Kratos',
    `${shortest}    mirror: true\n`,
    'config/gatehouse.yaml:5: organizations[0].mirror: is true, but there is no Kratos; write kratos.adminUrl at the top level, or mirror: false',
  ],
  [
    'the ACME mode',
    `listeners:\n  public:\n    tls:\n      mode: acme\n${shortest}`,
    'config/gatehouse.yaml:4: listeners.public.tls.mode: is not built yet; write files with certificate and key from your own ACME client, or self-signed behind nginx or cloudflared',
  ],
  [
    'files without a key',
    `listeners:\n  public:\n    tls:\n      mode: files\n      certificate: gatehouse.yaml\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.public.tls.key: is missing, but mode is files; write key: and the path of the PEM file',
  ],
  [
    'a certificate that is not there',
    `listeners:\n  public:\n    tls: {mode: files, certificate: gone.pem, key: gatehouse.yaml}\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.public.tls.certificate: names a file that is not there or cannot be read; write the path of an existing file, absolute or from the configuration folder',
  ],
  [
    'a certificate that is not used',
    `listeners:\n  public:\n    tls: {certificate: gatehouse.yaml}\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.public.tls.certificate: is given, but mode is self-signed; write mode: files, or remove the line',
  ],
  [
    'a private listener in the open',
    `listeners:\n  private:\n    host: 0.0.0.0\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.private.host: is reachable from other machines without TLS; write 127.0.0.1, or add listeners.private.tls',
  ],
  [
    'a listener bound to a name',
    `listeners:\n  private:\n    host: kyc.example.net\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.private.host: is not an address of this machine; write an IP address, such as 127.0.0.1 or 0.0.0.0, in quotes if it has colons',
  ],
  [
    'one port for both listeners',
    `listeners:\n  private:\n    port: 7743\n${shortest}`,
    'config/gatehouse.yaml:3: listeners.private.port: is 7743, as for the public listener; give each listener its own port',
  ],
  [
    'everybody as a proxy',
    `trustedProxies: [10.0.0.0/8, 0.0.0.0/0]\n${shortest}`,
    'config/gatehouse.yaml:1: trustedProxies[1]: is everybody; write an address or a network, such as 127.0.0.1 or 10.20.0.0/16; believing everybody lets anyone choose their address',
  ],
  [
    'a proxy by name',
    `trustedProxies: [proxy.example.net]\n${shortest}`,
    'config/gatehouse.yaml:1: trustedProxies[0]: is neither an address nor a network; write an address or a network, such as 127.0.0.1 or 10.20.0.0/16',
  ],
  [
    'a network with too many bits',
    `trustedProxies: [10.0.0.0/33]\n${shortest}`,
    'config/gatehouse.yaml:1: trustedProxies[0]: is neither an address nor a network; write an address or a network, such as 127.0.0.1 or 10.20.0.0/16',
  ],
  [
    'a fingerprint that is too short',
    `kratos:\n  adminUrl: https://ory.example.net\n  fingerprint: AB:CD\n${shortest}`,
    'config/gatehouse.yaml:3: kratos.fingerprint: is not a SHA-256 fingerprint; write the 64 hex digits that `openssl x509 -noout -fingerprint -sha256` prints, with or without colons',
  ],
  [
    'Twilio without its account',
    `sms:\n  vendor: twilio\n  twilio: {from: "+420700000000"}\n${shortest}`,
    'config/gatehouse.yaml:3: sms.twilio.accountSid: is missing, but sms.vendor is twilio; write it, or set TWILIO_ACCOUNT_SID',
    { TWILIO_AUTH_TOKEN: 'x' },
  ],
  [
    'an organization without id',
    shortest
      .replace('id: 1', 'sandbox: false')
      .replace('countries', 'onfido: {apiToken: {secret: ONFIDO_API_TOKEN}}\n    countries'),
    'config/gatehouse.yaml:2: organizations[0].id: is missing; write id: 1, or another short name',
  ],
  [
    'an id that is no path segment',
    shortest.replace('id: 1', 'id: "a/b"'),
    'config/gatehouse.yaml:2: organizations[0].id: is not an id; write letters, digits, - and _ only, such as 1 or prague',
  ],
  [
    'an id twice',
    `${shortest}${shortest.split('\n').slice(1).join('\n').replace('id: 1', 'id: "1"')}`,
    'config/gatehouse.yaml:5: organizations[1].id: is the id of organizations[0] too; give each organization its own id',
  ],
  [
    'no organization',
    'organizations: []\n',
    'config/gatehouse.yaml:1: organizations: has no entry; write at least one organization, as in config/gatehouse.example.yaml',
  ],
  [
    'an empty file',
    '',
    'config/gatehouse.yaml: organizations: has no entry; write at least one organization, as in config/gatehouse.example.yaml',
  ],
  [
    'another organization without a token',
    shortest.replace('id: 1', 'id: prague-2'),
    'config/gatehouse.yaml:2: organizations[0].onfido.apiToken: is missing; write apiToken: {secret: ONFIDO_API_TOKEN_PRAGUE_2}',
  ],
  [
    'a policy module that is not there',
    `${shortest}    policy: {module: gone.mjs}\n`,
    'config/gatehouse.yaml:5: organizations[0].policy.module: names a file that is not there or cannot be read; write the path of an existing file, absolute or from the configuration folder',
  ],
  [
    'data inside the configuration',
    shortest,
    'environment: GATEHOUSE_DATA_DIR: and the configuration folder lie one inside the other; set GATEHOUSE_DATA_DIR to a folder of its own, such as /var/lib/gatehouse',
    { GATEHOUSE_DATA_DIR: 'config/data' },
  ],
];

for (const [title, settings, line, env] of mistakes)
  test(`${title} is refused in one line that says where, what and what instead`, t => {
    assert.deepEqual(openWorkshop(t, settings).lines(env), [line]);
  });

test('all mistakes of all sources are told at once, each once', t => {
  const workshop = openWorkshop(
    t,
    `front: apache
limits: 5
times: {link: 90}
organizations:
  - nmae: Coins
    id: 1
    countries: [CZ, XX]
    onfido: {apiToken: api_live.secret, mode: studio}
  - 7
`,
  );
  workshop.write('config/hostname', 'https://kyc.example.net\n');
  workshop.write(
    'config/onfido',
    'webhook.onfdo=https://a.example.net\nwebhook.onfido=http://a.example.net\n',
  );
  const lines = workshop.lines({ GATEHOUSE_MASTER_KEY: undefined, PORT: 'x' });
  assert.deepEqual(
    lines.map(line => line.split(';')[0]),
    [
      'environment PORT: listeners.private.port: is not a whole number',
      'config/gatehouse.yaml:1: front: is not one of direct, nginx or cloudflared',
      'config/gatehouse.yaml:2: limits: is not a section',
      'config/gatehouse.yaml:3: times.link: is a number without a unit',
      'config/gatehouse.yaml:5: organizations[0].nmae: is not a known key',
      'config/gatehouse.yaml:7: organizations[0].countries[1]: is not a country',
      'config/gatehouse.yaml:8: organizations[0].onfido.apiToken: holds a value where the name of a secret belongs',
      'config/gatehouse.yaml:8: organizations[0].onfido.workflowId: is missing, but mode is studio',
      'config/gatehouse.yaml:9: organizations[1]: is not a section',
      'config/hostname: begins with a scheme',
      'config/onfido:1: webhook.onfdo: is not a known key',
      'config/onfido:2: webhook.onfido: is plain http',
      'environment: GATEHOUSE_MASTER_KEY: is missing',
    ],
  );
});
