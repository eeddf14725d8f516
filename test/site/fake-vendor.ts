import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for the vendor's script host. The script has the interface of `Onfido.init` and does what the address says:
 * `complete` ends at a tap, `camera` asks for the real camera, `error:TYPE` reports that type at once, and `expired`
 * does so once. Options of every `init` are kept in `window.inits`, what was torn down is counted in `window.tornDown`.
 */
const script = `
window.inits = [];
window.tornDown = 0;
const act = new URL(document.currentScript.src).searchParams.get('act');
window.Onfido = {
  init(options) {
    const { onComplete, onError, ...plain } = options;
    window.inits.push(plain);
    const box = document.getElementById(options.containerId);
    const button = document.createElement('button');
    button.style.cssText = 'min-height:44px;width:100%';
    button.textContent = 'vendor capture';
    button.addEventListener('click', () => onComplete({}));
    box.append(button);
    if (act.startsWith('error:')) onError({ type: act.slice(6), message: 'no' });
    if (act === 'expired' && window.inits.length === 1) onError({ type: 'expired_token' });
    if (act === 'camera')
      navigator.mediaDevices.getUserMedia({ video: true }).catch(() => onError({ type: 'permissions_unavailable' }));
    return { tearDown: async () => { window.tornDown += 1; button.remove(); } };
  },
};`;

export interface FakeVendor {
  /** the script that behaves so */
  scriptUrl(act: string): string;
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts the host on loopback. */
export async function fakeVendor(): Promise<FakeVendor> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    scriptUrl: act => `${origin}/v14?act=${encodeURIComponent(act)}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
