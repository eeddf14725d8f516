import type { CapturePage } from '../providers/provider.js';

/** Header names and values of one page. */
export type PageHeaders = Readonly<Record<string, string>>;

type Policy = ReadonlyMap<string, readonly string[]>;

const plainPolicy: Policy = new Map([
  ['default-src', ["'none'"]],
  ['script-src', ["'self'"]],
  ['style-src', ["'self'"]],
  ['img-src', ["'self'"]],
  ['connect-src', ["'self'"]],
  ['form-action', ["'self'"]],
  ['base-uri', ["'none'"]],
  ['frame-ancestors', ["'none'"]],
]);

// What a vendor's script does in our page wherever it is served from: it styles its elements inline, shows pictures and
// films it has just taken, and compresses them in workers made from blobs.
const capturePolicy: Policy = new Map([
  ['default-src', ["'none'"]],
  ['script-src', ["'self'"]],
  ['style-src', ["'self'", "'unsafe-inline'"]],
  ['font-src', ["'self'"]],
  ['img-src', ["'self'", 'data:', 'blob:']],
  ['media-src', ["'self'", 'data:', 'blob:']],
  ['connect-src', ["'self'", 'data:', 'blob:']],
  ['frame-src', []],
  ['worker-src', ["'self'", 'blob:']],
  ['form-action', ["'self'"]],
  ['base-uri', ["'none'"]],
  ['frame-ancestors', ["'none'"]],
]);

/** Directives a provider may widen. The rest is ours, whatever an adapter says. */
const widened = /^(?:script|style|font|img|media|connect|frame|worker)-src$/;
// One host or scheme: nothing that could end a directive, and no keyword such as 'unsafe-eval'.
const plainSource = /^[A-Za-z0-9*.:/[\]_-]+$/;

function sourcesFor(capture: CapturePage, directive: string): readonly string[] {
  const script = directive === 'script-src' && capture.scriptUrl ? [new URL(capture.scriptUrl).origin] : [];
  return [...script, ...(capture.sources[directive] ?? [])].filter(source => plainSource.test(source));
}

function widen(policy: Policy, capture: CapturePage, directives: RegExp): Policy {
  return new Map(
    [...policy].map(([directive, own]) => {
      const added = directives.test(directive) ? sourcesFor(capture, directive) : [];
      return [directive, [...new Set([...own, ...added])]];
    }),
  );
}

function written(policy: Policy): string {
  return [...policy]
    .map(([directive, sources]) => `${directive} ${sources.join(' ') || "'none'"}`)
    .join('; ');
}

function headers(policy: Policy, permissions: string): PageHeaders {
  return {
    'content-security-policy': written(policy),
    // Not `no-referrer`: the vendor compares the referrer's origin with the one its token was made for.
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': permissions,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
    'cache-control': 'no-store',
  };
}

const noDevices = 'camera=(), microphone=(), geolocation=()';
const plain = headers(plainPolicy, noDevices);

/** Headers of every page without a capture. */
export function plainHeaders(): PageHeaders {
  return plain;
}

/**
 * Headers of a page whose form may lead on to the vendor's own site: browsers apply `form-action` to the redirect that
 * answers a form, too.
 */
export function leavingHeaders(capture: CapturePage): PageHeaders {
  return capture.kind === 'redirect'
    ? headers(widen(plainPolicy, capture, /^form-action$/), noDevices)
    : plain;
}

/** Headers of the page with the vendor's script: only what {@link CapturePage} names, and the camera for its frames. */
export function captureHeaders(capture: CapturePage): PageHeaders {
  const frames = sourcesFor(capture, 'frame-src').filter(source => /^https?:\/\/[^*]+$/.test(source));
  const allowed = ['self', ...frames.map(origin => `"${origin}"`)].join(' ');
  const permissions = `camera=(${allowed}), microphone=(${allowed}), geolocation=()`;
  return headers(widen(capturePolicy, capture, widened), permissions);
}
