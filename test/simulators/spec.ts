import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { specsFolder } from '../support/skips.js';

type Node = { [key: string]: unknown };

/** Without what Ajv refuses or what the vendors' descriptions get wrong; see {@link loadSpec}. */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  const node = { ...(value as Node) };
  if (node.nullable !== undefined && node.type === undefined) delete node.nullable;
  delete node.discriminator;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, mended(child)]));
}

/** The body as a reader sees it who treats null and absent alike. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(item => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(present.map(([key, child]) => [key, withoutNulls(child)]));
}

/** Schemas of a vendor's OpenAPI description. */
export interface Spec {
  /** fails the test when a body does not fit; unknown top-level keys do not fit either */
  assertFits(schema: string, body: unknown): void;
}

/**
 * Reads a description. `change` may correct what the vendor describes wrongly, and says why where it is used.
 * `nullable` beside no `type` is dropped, since Ajv refuses it.
 */
export function loadSpec(file: string, change: (schemas: Record<string, Node>) => void = () => {}): Spec {
  const text = readFileSync(join(specsFolder, file), 'utf8');
  const document = mended(JSON.parse(text)) as { components: { schemas: Record<string, Node> } };
  change(document.components.schemas);
  const ajv = new Ajv2019({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'spec' });
  const compiled = new Map<string, ValidateFunction>();
  return {
    assertFits(schema, body) {
      const validate =
        compiled.get(schema) ??
        ajv.compile({
          allOf: [{ $ref: `spec#/components/schemas/${schema}` }],
          unevaluatedProperties: false,
        });
      compiled.set(schema, validate);
      if (validate(withoutNulls(body))) return;
      const problems = validate.errors?.map(({ instancePath, message, params }) => {
        return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
      });
      throw new Error(`does not fit ${schema}:\n${problems?.join('\n')}\n${JSON.stringify(body)}`);
    },
  };
}
