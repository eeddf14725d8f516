import type { Config } from '../../config/config.js';
import { frontNotes, ownCertificate, reachedAt } from './addresses.js';
import { filledIn, type Printed, shippedFile } from './shipped.js';

const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';
const shippedPorts = ['443', '8743'];
const mebibyte = 1_048_576;

/** deploy/nginx/gatehouse.conf for this box. */
export function printNginx(config: Config): Printed {
  const { hostname, ory, limits } = config;
  const { listenPorts: ports, names } = outside(config);
  const [certificate, key] = pairPaths(config);
  const own = ownCertificate(config);
  const largest = `${Math.max(2, Math.ceil(limits.deliveryBytes / mebibyte) + 1)}m`;
  const text = filledIn(shippedFile('deploy/nginx/gatehouse.conf'), {
    [toChange]: `# Filled in by \`gatehouse print nginx\` for ${hostname}. To look at: the two ssl_certificate paths.\n# To set in gatehouse.yaml:`,
    [aboutPorts]: samePorts(ports) ? aboutPorts : '# It listens on the ports of the configured URLs; all',
    '    listen 443 ssl;\n    listen 8743 ssl;': ports.map(port => `    listen ${port} ssl;`).join('\n'),
    '    #listen [::]:443 ssl;\n    #listen [::]:8743 ssl;': ports
      .map(port => `    #listen [::]:${port} ssl;`)
      .join('\n'),
    'server_name kyc.example.net;': `server_name ${names.join(' ')};`,
    '/etc/letsencrypt/live/kyc.example.net/fullchain.pem': quoted(certificate),
    '/etc/letsencrypt/live/kyc.example.net/privkey.pem': quoted(key),
    'server 127.0.0.1:7743;': `server ${reachedAt(config.publicListener)};`,
    '/var/lib/gatehouse/tls/self-signed.crt': quoted(own.authority ?? systemAuthorities),
    'proxy_ssl_verify_depth 1;': `proxy_ssl_verify_depth ${own.authority === null ? 4 : 1};`,
    'proxy_ssl_name localhost;': `proxy_ssl_name ${own.name};`,
    'client_max_body_size 2m;': `client_max_body_size ${largest};`,
    'client_body_buffer_size 2m;': `client_body_buffer_size ${largest};`,
    '    #location ~ ^/(onfido|jumio|persona)/(initiate|validate)$': `    ${ory.hooks === 'public' ? '' : '#'}location ~ ^/(onfido|jumio|persona)/(initiate|validate)$`,
  });
  return { text, notes: [...frontNotes(config, 'nginx'), ...clashes(config, ports)] };
}

const toChange =
  '# To change here: kyc.example.net, the two ssl_certificate paths, and the path of self-signed.crt if the data folder is\n# another one. To set in gatehouse.yaml:';
const aboutPorts =
  "# 443 carries customers' links (the provider's Web SDK wants them without a port), 8743 the providers' deliveries; both";

/** The ports and names under which the configured URLs are asked for. */
function outside({ front, hostname, urls }: Config): { listenPorts: string[]; names: string[] } {
  const all = [urls.site, urls.webhook, urls.submit].map(url => new URL(url));
  const names = [...new Set([hostname, ...all.map(url => url.hostname)])];
  const ports = front === 'nginx' ? all.map(({ port }) => port || '443') : shippedPorts;
  return { listenPorts: [...new Set(ports)].sort((a, b) => Number(a) - Number(b)), names };
}

function samePorts(ports: readonly string[]): boolean {
  return ports.join() === shippedPorts.join();
}

/** What Gatehouse itself was given serves NGINX as well. */
function pairPaths({ hostname, publicListener: { tls } }: Config): [certificate: string, key: string] {
  if (tls.mode === 'files') return [tls.certificate, tls.key];
  const folder = `/etc/letsencrypt/live/${hostname}`;
  return [`${folder}/fullchain.pem`, `${folder}/privkey.pem`];
}

function quoted(path: string): string {
  return /[\s;{}'"\\#]/.test(path) ? JSON.stringify(path) : path;
}

function clashes({ publicListener: { port } }: Config, ports: readonly string[]): string[] {
  return ports.includes(String(port))
    ? [`NGINX cannot listen on ${port}, where Gatehouse listens: change listeners.public.port`]
    : [];
}
