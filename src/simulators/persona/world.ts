/** What the simulator keeps. Attributes are as the API shows them. */
import { randomBytes } from 'node:crypto';
import type { Outcome } from './outcomes.js';

export type Attributes = Record<string, unknown>;

/** `type` and `id` of another object. */
export interface Pointer {
  readonly type: string;
  readonly id: string;
}

export interface Inquiry {
  readonly id: string;
  readonly attributes: Attributes & { status: string };
  readonly templateId: string;
  readonly accountId: string | null;
  readonly redirectUri: string | null;
  /** made by a call with an API key, and not by somebody who opened a template's link */
  readonly byApi: boolean;
  readonly verifications: Verification[];
  readonly reports: Report[];
  reviewer: Pointer | null;
}

export interface Verification {
  readonly type: string;
  readonly id: string;
  readonly inquiryId: string;
  readonly templateId: string;
  readonly attributes: Attributes & { status: string };
  /** pages there is a photo of, with its file */
  readonly photos: ReadonlyMap<string, StoredFile>;
}

export interface Report {
  readonly type: 'report/watchlist';
  readonly id: string;
  readonly attributes: Attributes;
}

export interface Account {
  readonly id: string;
  readonly attributes: Attributes;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Where events go, and what they are signed with: newest secret first. */
export interface Webhook {
  readonly url: string;
  secrets: readonly string[];
  /** `persona`: the documented header; `bare`: the one the published Ory setup expects */
  readonly form: 'persona' | 'bare';
  readonly inflection: 'kebab' | 'camel' | 'snake';
}

export interface World {
  readonly inquiries: Map<string, Inquiry>;
  readonly verifications: Map<string, Verification>;
  readonly accounts: Map<string, Account>;
  readonly files: Map<string, StoredFile>;
  /** one-time links by their code: the inquiry, and whether somebody has fetched it */
  readonly links: Map<string, { readonly inquiryId: string; used: boolean }>;
  /** browsers' sessions by token */
  readonly sessions: Map<string, string>;
  /** how inquiries end, by inquiry id or reference id */
  readonly decisions: Map<string, Outcome>;
  readonly webhooks: Webhook[];
  readonly events: unknown[];
}

export function createWorld(): World {
  return {
    inquiries: new Map(),
    verifications: new Map(),
    accounts: new Map(),
    files: new Map(),
    links: new Map(),
    sessions: new Map(),
    decisions: new Map(),
    webhooks: [],
    events: [],
  };
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';

/** An id as Persona's: the kind, and 24 letters and digits. */
export function newId(kind: string): string {
  return `${kind}_${[...randomBytes(24)].map(byte => letters[byte % letters.length]).join('')}`;
}
