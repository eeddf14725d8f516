/** Kratos' own schema of its configuration, and the smallest configuration that it accepts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { specsFolder } from './skips.js';

/** The file to skip by, see `withoutSpec`. */
export const kratosSchemaFile = 'kratos-config.schema.json';

/** One list entry of a Kratos configuration. */
export interface ConfiguredHook {
  readonly hook: string;
  readonly config: {
    readonly id: string;
    readonly url: string;
    readonly body: string;
    readonly response: { readonly parse?: boolean; readonly ignore?: boolean };
    readonly auth: { readonly config: { readonly value: string } };
  };
}

/** The lists after a flow: the global one, and those of methods. */
export type HookLists = { readonly hooks: readonly ConfiguredHook[] } & Readonly<
  Record<string, { readonly hooks: readonly ConfiguredHook[] }>
>;

/** `ory-actions.yaml`, parsed. */
export interface OryActions {
  readonly selfservice: {
    readonly flows: Record<'registration' | 'login' | 'recovery', { readonly after: HookLists }>;
  };
}

/** All lists after a flow. */
export function listsOf(after: HookLists): (readonly ConfiguredHook[])[] {
  const { hooks, ...methods } = after;
  return [hooks, ...Object.values(methods).map(method => method.hooks)];
}

/** Every hook of every flow. */
export function allHooks({ selfservice: { flows } }: OryActions): ConfiguredHook[] {
  return Object.values(flows).flatMap(({ after }) => listsOf(after).flat());
}

/** The vendor's schema, made digestible as its notes say: a stub for what it refers to elsewhere. */
export function kratosConfig(): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(specsFolder, kratosSchemaFile), 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema({ $id: 'ory://tracing-config' });
  return ajv.compile(schema);
}

/** The smallest configuration that Kratos accepts, around the snippet. */
export function around(snippet: OryActions): object {
  const ui = (name: string) => ({ ui_url: `http://127.0.0.1:4455/${name}` });
  const { flows } = snippet.selfservice;
  return {
    dsn: 'memory',
    identity: {
      default_schema_id: 'default',
      schemas: [{ id: 'default', url: 'file:///etc/kratos/identity.schema.json' }],
    },
    courier: {},
    selfservice: {
      default_browser_return_url: 'http://127.0.0.1:4455/',
      flows: {
        registration: { ...flows.registration, ...ui('registration') },
        login: { ...flows.login, ...ui('login') },
        recovery: { ...flows.recovery, enabled: true, ...ui('recovery') },
      },
    },
  };
}
