/** What follows from Jumio's data centre and from what Jumio takes in URLs. */
import { isIP } from 'node:net';

/** The data centre in a host of Jumio's such as `api.emea-1.jumio.ai`, or undefined for any other host. */
export function jumioDataCentreOf(base: string): string | undefined {
  return /^(?:account|api|retrieval)\.([a-z]+-\d+)\.jumio\.ai$/.exec(new URL(base).hostname)?.[1];
}

/** Where the token is asked for in the base's data centre; undefined where the base is not Jumio's own. */
export function jumioAuthUrlOf(base: string): string | undefined {
  const dataCentre = jumioDataCentreOf(base);
  return dataCentre && `https://auth.${dataCentre}.jumio.ai/oauth2/token`;
}

/** The base Jumio may be told, if it is one: https, a name, no port. */
export function jumioPublicUrlOf(base: string): string | undefined {
  const { protocol, port, hostname } = new URL(base);
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && hostname.includes('.');
  return protocol === 'https:' && port === '' && isName ? base : undefined;
}
