import type { OnfidoSettings } from '../../config/config.js';
import type { CapturePage } from '../provider.js';

const official = {
  script: 'https://assets.onfido.com',
  connect: ['https://*.onfido.com', 'wss://*.onfido.com'],
};

function isOfficial(url: URL): boolean {
  return url.hostname === 'onfido.com' || url.hostname.endsWith('.onfido.com');
}

/** The same host by WebSocket: a scheme in a policy does not cover the other. */
function withSocket(url: URL): string[] {
  return [url.origin, `${url.protocol === 'http:' ? 'ws' : 'wss'}://${url.host}`];
}

/**
 * How the capture is embedded. The SDK loads its modules from where its script is and talks to Onfido's API, so the
 * policy follows from the two URLs in force; Onfido's own further hosts are allowed only with Onfido's own script.
 */
export function capturePage(settings: OnfidoSettings): CapturePage {
  const sdk = new URL(settings.sdkUrl);
  const scripts = isOfficial(sdk) ? [sdk.origin, official.script] : [sdk.origin];
  const connect = [
    ...(isOfficial(sdk) ? official.connect : withSocket(sdk)),
    ...withSocket(new URL(settings.apiBase)),
  ];
  return {
    kind: 'embedded',
    scriptUrl: settings.sdkUrl,
    workflow: settings.mode === 'studio',
    sources: {
      'script-src': scripts,
      'connect-src': [...new Set(['data:', 'blob:', ...connect])],
      'frame-src': [sdk.origin],
      'img-src': ['data:', 'blob:', ...scripts],
      'media-src': ['data:', 'blob:', ...scripts],
      'font-src': [sdk.origin],
      'style-src': scripts,
    },
  };
}
