/** Runs the hooks of a flow, in order; the first that fails ends it. */
import type { Fields } from '../wire/fields.js';
import type { Hook, WebHook } from './actions.js';
import { KratosError } from './errors.js';
import { type RenderBody, templateSource } from './render-body.js';
import { interpretAnswer } from './webhook-answer.js';
import type { HookCaller } from './webhook-call.js';

export interface Webhooks {
  /** the identity fields that the hooks changed; see `interpretAnswer` for what it throws */
  run(hooks: readonly Hook[], contextOf: () => Fields): Promise<Fields>;
}

/** Over a caller and a way to render. */
export function createWebhooks(caller: HookCaller, render: RenderBody): Webhooks {
  async function fire(webHook: WebHook, context: Fields): Promise<Fields> {
    const body = await rendered(webHook, context);
    if (body === null) return {};
    return interpretAnswer(webHook, await caller.call(webHook, body));
  }

  async function rendered(webHook: WebHook, context: Fields): Promise<string | null> {
    try {
      return await render(templateSource(webHook.template), context);
    } catch (error) {
      throw new KratosError(400, error instanceof Error ? error.message : 'the template failed');
    }
  }

  return {
    async run(hooks, contextOf) {
      let changes: Fields = {};
      for (const hook of hooks) {
        if (hook.kind !== 'web_hook') continue;
        const firing = fire(hook.webHook, contextOf());
        if (hook.webHook.ignore) firing.catch(() => {});
        else changes = { ...changes, ...(await firing) };
      }
      return changes;
    },
  };
}
