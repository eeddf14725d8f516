import type { Config } from '../../config/config.js';
import { frontNotes, ownCertificate, reachedAt } from './addresses.js';
import type { Printed } from './shipped.js';

/** A tunnel's configuration that leads to the public listener and nowhere else. */
export function printCloudflared(config: Config): Printed {
  const names = [
    ...new Set([config.hostname, ...Object.values(config.urls).map(url => new URL(url).hostname)]),
  ];
  const rules = names.map(name => ruleOf(config, name));
  return {
    text: `${heading}${rules.join('')}  - service: http_status:404\n`,
    notes: frontNotes(config, 'cloudflared'),
  };
}

const heading = `# cloudflared in front of Gatehouse (front: cloudflared). Install as /etc/cloudflared/config.yml.
#
# To change here: TUNNEL-ID, twice, for what \`cloudflared tunnel create gatehouse\` said. To set in gatehouse.yaml:
#
#   front: cloudflared
#   listeners: {public: {host: 127.0.0.1}}
#   trustedProxies: ["127.0.0.1"]
#
# Only the public listener stands here: kiosks, hooks of Kratos on this machine and metrics use the private one, which
# no tunnel may lead to. Start Gatehouse once before cloudflared, so that its certificate exists.
tunnel: TUNNEL-ID
credentials-file: /etc/cloudflared/TUNNEL-ID.json
# Below warn cloudflared writes whole URLs, and with them links, into its log.
loglevel: warn
no-autoupdate: true
ingress:
`;

function ruleOf(config: Config, name: string): string {
  const { authority, name: certificateName } = ownCertificate(config);
  return [
    `  - hostname: ${JSON.stringify(name)}`,
    `    service: https://${originOf(config)}`,
    '    originRequest:',
    ...(authority === null ? [] : [`      caPool: ${JSON.stringify(authority)}`]),
    `      originServerName: ${JSON.stringify(certificateName)}`,
    '',
  ].join('\n');
}

function originOf({ publicListener }: Config): string {
  return reachedAt(publicListener).replace(/^(127\.0\.0\.1|\[::1\]):/, 'localhost:');
}
