import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const contentTypes = {
  'site.css': 'text/css; charset=utf-8',
  'capture.js': 'text/javascript; charset=utf-8',
  'status.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** A file of ours that pages refer to. */
export type AssetName = keyof typeof contentTypes;

interface Asset {
  readonly contentType: string;
  readonly etag: string;
  readonly bytes: Buffer;
}

function load(): {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly served: ReadonlyMap<string, string>;
} {
  const assets = new Map<string, Asset>();
  const served = new Map<string, string>();
  for (const [name, contentType] of Object.entries(contentTypes)) {
    const bytes = readFileSync(new URL(`./assets/${name}`, import.meta.url));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const servedAs = name.replace('.', `.${hash}.`);
    assets.set(servedAs, { contentType, etag: `"${hash}"`, bytes });
    served.set(name, servedAs);
  }
  return { assets, served };
}

const { assets, served } = load();

/** Where a page finds a file. The address changes with the content, so that a browser may keep it for good. */
export function assetUrl(name: AssetName): string {
  return `/v/assets/${served.get(name)}`;
}

/** Serves the files read at start, and nothing that a request could name otherwise. */
export function registerAssets(scope: FastifyInstance): void {
  scope.get<{ Params: { file: string } }>(
    '/assets/:file',
    { config: { rateLimit: false } },
    (request, reply) => {
      const asset = assets.get(request.params.file);
      if (!asset) return reply.callNotFound();
      reply.headers({
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        etag: asset.etag,
      });
      if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
      return reply.type(asset.contentType).send(asset.bytes);
    },
  );
}
