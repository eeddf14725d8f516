/** What the settings' schema knows, asked by path: for unknown keys, for emptied sections, for the example's test. */
import type { z } from 'zod';
import type { Path } from './problems.js';

type AnySchema = z.core.$ZodType;

/** The schema at the path, without its optional and default wrappers; `undefined` where the path leads nowhere. */
export function schemaAt(root: AnySchema, path: Path): AnySchema | undefined {
  let schema: AnySchema | undefined = unwrapped(root);
  for (const step of path) {
    const inner: AnySchema | undefined =
      typeof step === 'number' ? elementOf(schema) : shapeOf(schema)?.[step];
    if (inner === undefined) return undefined;
    schema = unwrapped(inner);
  }
  return schema;
}

/** The keys a section may have, or `undefined` when there is no section at the path. */
export function keysAt(root: AnySchema, path: Path): readonly string[] | undefined {
  const schema = schemaAt(root, path);
  const shape = schema === undefined ? undefined : shapeOf(schema);
  return shape === undefined ? undefined : Object.keys(shape);
}

/** Every key of every section, lists written as `organizations[]`: `organizations[].onfido.region`. */
export function allKeys(root: AnySchema, prefix = ''): string[] {
  const schema = unwrapped(root);
  const element = elementOf(schema);
  if (element !== undefined) return allKeys(element, `${prefix}[]`);
  const shape = shapeOf(schema);
  if (shape === undefined) return [];
  return Object.entries(shape).flatMap(([key, inner]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...allKeys(inner, path)];
  });
}

/** What a section or list is called in a message; `undefined` for a single value. */
export function kindAt(root: AnySchema, path: Path): 'section' | 'list' | undefined {
  const schema = schemaAt(root, path);
  if (schema === undefined) return undefined;
  if (shapeOf(schema) !== undefined) return 'section';
  return elementOf(schema) === undefined ? undefined : 'list';
}

function unwrapped(schema: AnySchema): AnySchema {
  const { innerType } = schema._zod.def as { innerType?: AnySchema };
  return innerType === undefined ? schema : unwrapped(innerType);
}

function shapeOf(schema: AnySchema): Readonly<Record<string, AnySchema>> | undefined {
  const { type, shape } = schema._zod.def as { type: string; shape?: Record<string, AnySchema> };
  return type === 'object' ? shape : undefined;
}

function elementOf(schema: AnySchema): AnySchema | undefined {
  const { type, element } = schema._zod.def as { type: string; element?: AnySchema };
  return type === 'array' ? element : undefined;
}
