/** The hooks of a Kratos configuration, and which of them a flow runs. */
import { asFields, asText, type Fields } from '../wire/fields.js';

export type FlowName = 'registration' | 'login' | 'recovery';

/** A `web_hook` as configured. */
export interface WebHook {
  readonly id: string | null;
  readonly url: string;
  readonly method: string;
  /** where the template is: `base64://…` or `file://…` */
  readonly template: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookie: string | null;
  readonly ignore: boolean;
  readonly parse: boolean;
  readonly canInterrupt: boolean;
}

/** One entry of a list. Hooks other than these two are passed over. */
export type Hook = { readonly kind: 'web_hook'; readonly webHook: WebHook } | { readonly kind: 'session' };

/** The `after` part of each flow. */
export interface Actions {
  /** the method's own list, however empty */
  ofMethod(flow: FlowName, method: string): readonly Hook[];
  /** the method's own list if it has entries, else the global one: the two are never merged. `session` goes last. */
  inForce(flow: FlowName, method: string): readonly Hook[];
}

/** Reads the parsed YAML of a Kratos configuration, or of a part of one such as `ory-actions.yaml`. */
export function readActions(configuration: unknown): Actions {
  const flows = asFields(asFields(asFields(configuration).selfservice).flows);
  const after = (flow: FlowName) => asFields(asFields(flows[flow]).after);
  const ofMethod = (flow: FlowName, method: string) => readList(asFields(after(flow)[method]).hooks);
  return {
    ofMethod,
    inForce(flow, method) {
      const own = ofMethod(flow, method);
      const hooks = own.length > 0 ? own : readList(after(flow).hooks);
      return [
        ...hooks.filter(({ kind }) => kind !== 'session'),
        ...hooks.filter(({ kind }) => kind === 'session'),
      ];
    },
  };
}

/** Whether a hook runs before the identity is stored. */
export function isPrePersist({ parse, canInterrupt }: WebHook): boolean {
  return parse || canInterrupt;
}

function readList(list: unknown): readonly Hook[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): Hook[] => {
    const { hook, config } = asFields(entry);
    if (hook === 'session') return [{ kind: 'session' }];
    return hook === 'web_hook' ? [{ kind: 'web_hook', webHook: readWebHook(asFields(config)) }] : [];
  });
}

function readWebHook(config: Fields): WebHook {
  const response = asFields(config.response);
  const [url, template] = [asText(config.url), asText(config.body)];
  if (url === undefined || template === undefined) throw new TypeError('a web_hook needs url and body');
  return {
    id: asText(config.id) ?? null,
    url,
    template,
    method: asText(config.method) ?? 'POST',
    headers: { ...(asFields(config.headers) as Record<string, string>), ...readAuth(config.auth, 'header') },
    cookie: cookieOf(readAuth(config.auth, 'cookie')),
    ignore: response.ignore === true,
    parse: response.parse === true,
    canInterrupt: config.can_interrupt === true,
  };
}

/** The api key or the basic credentials, if they go where asked. */
function readAuth(auth: unknown, place: 'header' | 'cookie'): Record<string, string> {
  const { type, config } = asFields(auth);
  const { name, value, user, password, in: where } = asFields(config);
  if (type === 'api_key' && where === place) return { [String(name)]: String(value) };
  if (type === 'basic_auth' && place === 'header')
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return {};
}

function cookieOf(pairs: Readonly<Record<string, string>>): string | null {
  const [pair] = Object.entries(pairs);
  return pair ? pair.join('=') : null;
}
