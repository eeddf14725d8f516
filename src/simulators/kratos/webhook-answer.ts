/** What Kratos makes of a hook's answer. */
import { asFields, type Fields } from '../wire/fields.js';
import { isPrePersist, type WebHook } from './actions.js';
import { KratosError } from './errors.js';
import type { HookReply } from './webhook-call.js';

/** A message of a flow, as clients read it. */
export interface UiMessage {
  readonly id: number;
  readonly text: string;
  readonly type: 'error' | 'info';
  readonly context: unknown;
}

/** A message and the field it belongs to; null: the flow as a whole. */
export interface PlacedMessage {
  readonly node: string | null;
  readonly message: UiMessage;
}

/** A hook refused with messages for the customer: the flow is shown again with them. */
export class FlowRefused extends Error {
  override readonly name = 'FlowRefused';
  constructor(readonly messages: readonly PlacedMessage[]) {
    super('the flow was refused');
  }
}

/**
 * The identity fields to change, if the hook may and does.
 *
 * @throws FlowRefused for a refusal with messages, KratosError for everything that is a fault
 */
export function interpretAnswer(webHook: WebHook, reply: HookReply): Fields {
  if (reply.kind === 'timeout') throw upstream(504, 'could not be reached');
  if (reply.kind === 'gave_up') throw plain('giving up after 3 attempt(s)');
  const { status, text } = reply;
  if (status < 400) return webHook.parse && status === 200 ? identityIn(text) : {};
  if (!isPrePersist(webHook)) throw upstream(502, 'responded improperly');
  throw new FlowRefused(messagesIn(text));
}

/** An error without a status of its own, which native clients see as 400. */
function plain(message: string): KratosError {
  return new KratosError(400, message);
}

function upstream(status: number, what: string): KratosError {
  return new KratosError(status, `A third-party upstream service ${what}. Please try again later.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw plain('webhook: unable to unmarshal the response');
  }
}

function identityIn(text: string): Fields {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw plain('webhook: unable to unmarshal the response');
  return asFields(asFields(body).identity);
}

function messagesIn(text: string): PlacedMessage[] {
  const { messages } = asFields(parsed(text));
  if (!Array.isArray(messages) || messages.length === 0) throw plain('webhook: there are no messages');
  return messages.flatMap(entry => {
    const { instance_ptr: pointer, messages: inner } = asFields(entry);
    return (Array.isArray(inner) ? inner : []).map(message => ({
      node: nodeOf(pointer),
      message: readMessage(asFields(message)),
    }));
  });
}

function nodeOf(pointer: unknown): string | null {
  const name = String(pointer ?? '')
    .replace(/^#?\/?/, '')
    .replaceAll('/', '.');
  return name === '' ? null : name;
}

function readMessage({ id, text, type, context }: Fields): UiMessage {
  if (!Number.isInteger(id) || typeof text !== 'string') throw plain('webhook: a message cannot be read');
  // whatever else a hook calls it, `success` included, is shown as information
  return { id: Number(id), text, type: type === 'error' ? 'error' : 'info', context: context ?? {} };
}
