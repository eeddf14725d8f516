/** Which hosts there are: Jumio has three for its API, although its setups name one. */

/** Bases without trailing slash, version path included. */
export interface Hosts {
  /** accounts and workflows are begun here */
  readonly account: string;
  /** status, details, pictures, deletion */
  readonly retrieval: string;
  /** where customers may be sent: a `Content-Security-Policy` source for each */
  readonly pages: readonly string[];
}

const official = /^(?:account|api|retrieval)\.([a-z]+-\d+)\.jumio\.ai$/;
const officialPages = 'https://*.jumio.ai';

/**
 * All hosts out of the one in the settings. Any host of a data centre stands for the others; another machine (a proxy,
 * a simulator) is used unchanged for everything, its pages included.
 */
export function hostsOf(apiBase: string): Hosts {
  const { hostname, origin } = new URL(apiBase);
  const [, dataCentre] = official.exec(hostname) ?? [];
  if (dataCentre === undefined) {
    const base = apiBase.replace(/\/+$/, '');
    return { account: base, retrieval: base, pages: [officialPages, origin] };
  }
  const of = (host: string) => `https://${host}.${dataCentre}.jumio.ai/api/v1`;
  return { account: of('account'), retrieval: of('retrieval'), pages: [officialPages] };
}

/** Whether a customer may be sent to this address, which came over the wire. */
export function isPage(hosts: Hosts, href: string): boolean {
  if (!URL.canParse(href)) return false;
  const { protocol, hostname, origin, port, username, password } = new URL(href);
  if (username !== '' || password !== '') return false;
  if (protocol === 'https:' && port === '' && hostname.endsWith('.jumio.ai')) return true;
  return hosts.pages.includes(origin);
}
