/** Persona's published description, by path and method, as a judge of bodies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { specsFolder } from '../support/skips.js';

/** The file, for `withoutSpec`. */
export const personaSpecFile = 'persona-openapi-2025-12-08.subset.json';

type Node = { [key: string]: unknown };

/**
 * `discriminator` and `nullable` beside a type are no JSON Schema; what is told apart by `discriminator` alone is told
 * apart by its own constant too. Examples are left out, some do not fit their own schema.
 */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  const { discriminator: _, examples: __, ...node } = value as Node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, mended(child)]));
}

export interface PersonaSpec {
  /** fails when a body does not fit what is described for this request */
  assertRequest(method: string, path: string, body: unknown): void;
  assertAnswer(method: string, path: string, status: number, body: unknown): void;
  /** the body of a webhook with this event */
  assertEvent(name: string, body: unknown): void;
}

function pointer(...steps: string[]): string {
  return steps.map(step => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
}

function at(root: Node, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((node, step) => (node as Node | undefined)?.[step], root);
}

export function loadPersonaSpec(): PersonaSpec {
  const document = mended(JSON.parse(readFileSync(join(specsFolder, personaSpecFile), 'utf8'))) as Node;
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'persona' });
  const compiled = new Map<string, ValidateFunction>();

  function assertFits(place: string, body: unknown): void {
    const validate = compiled.get(place) ?? ajv.compile({ $ref: `persona#/${place}` });
    compiled.set(place, validate);
    if (validate(body)) return;
    const problems = validate.errors?.map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
    throw new Error(`does not fit ${place}:\n${problems?.join('\n')}\n${JSON.stringify(body)}`);
  }

  const json = ['content', 'application/json', 'schema'];
  return {
    assertRequest: (method, path, body) =>
      assertFits(pointer('paths', path, method.toLowerCase(), 'requestBody', ...json), body),
    assertAnswer(method, path, status, body) {
      const steps = ['paths', path, method.toLowerCase(), 'responses', String(status)];
      const shared = (at(document, steps) as { $ref?: string }).$ref?.replace('#/', '');
      assertFits(`${shared ?? pointer(...steps)}/${pointer(...json)}`, body);
    },
    assertEvent: (name, body) => assertFits(pointer('webhooks', name, 'post', 'requestBody', ...json), body),
  };
}
