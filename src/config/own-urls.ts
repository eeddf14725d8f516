import type { Config, Front } from './config.js';

/** What the URLs follow from. */
export interface UrlSources {
  readonly hostname: string;
  readonly front: Front;
  readonly publicPort: number;
  readonly publicUrl?: string | undefined;
  /** `webhook.onfido=` of config/onfido */
  readonly webhook?: string | undefined;
  /** `webhook.verificationSite=` of config/onfido */
  readonly submit?: string | undefined;
}

/** The port CAS's own proxy listens on, which `deploy/nginx` keeps. */
const nginxPort = 8743;

/** The URLs told to others. Without overrides they follow from the host name and what stands in front. */
export function ownUrls(sources: UrlSources): Config['urls'] {
  const port = { direct: sources.publicPort, nginx: nginxPort, cloudflared: 443 }[sources.front];
  const outside = `https://${sources.hostname}${port === 443 ? '' : `:${port}`}`;
  return {
    site: sources.publicUrl ?? `https://${sources.hostname}`,
    webhook: sources.webhook ?? outside,
    submit: sources.submit ?? outside,
  };
}
