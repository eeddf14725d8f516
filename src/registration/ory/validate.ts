/** `validate`: may this login go on? Answered from the store alone; what is amiss in Kratos is mended afterwards. */
import { askGate, type GateMessage, gateMessageIds, isLegacyDecline } from '../../domain/gate.js';
import type { Language } from '../../domain/languages.js';
import { type Standing, standingOf } from '../../domain/phase.js';
import { askForMirror } from '../../store/commit.js';
import { findOryPerson, isKratosIdentityBlocked, type OryPerson } from '../../store/ory-people.js';
import { findRegistration } from '../../store/registrations.js';
import { ourLanguage } from '../create-registration.js';
import { gateText } from './gate-texts.js';
import { kratosIdOf, languageOf, member } from './hook-body.js';
import type { Answer } from './initiate.js';
import { interruptBody } from './interrupt-body.js';
import type { OryOrganization, OryParts } from './ory-parts.js';
import { makeResumeToken, resumeMs } from './resume-token.js';

export interface GateOptions extends OryParts {
  /** ids of all organizations that Ory may have asked about somebody in, those that are not configured any more too */
  readonly everAsked: readonly string[];
  /** flat keys under which older setups kept a status */
  readonly legacyKeys: readonly string[];
  /** whether the box is too busy to look anything up */
  readonly overloaded: () => boolean;
  /** the store could not be read */
  readonly onFault: (error: unknown) => void;
}

/** What a login is told, and what is to be done once it was. */
export interface GateReply extends Answer {
  readonly afterwards?: () => void;
}

/** The gate of one provider. Total: whatever happens, the answer is one that Kratos understands. */
export type Gate = (body: unknown) => GateReply;

/** Builds the gate of a provider. */
export function createGate(options: GateOptions, served: OryOrganization): Gate {
  const others = options.everAsked.filter(id => id !== served.organization.settings.id);
  return body => {
    const language = ourLanguage(languageOf(body)) ?? served.organization.settings.language;
    try {
      const kratosId = options.overloaded() ? null : kratosIdOf(body);
      if (kratosId !== null) return answer(options, served, others, { body, kratosId, language });
    } catch (error) {
      options.onFault(error);
    }
    return closed(served, 'cannot_tell', 'unknown', language, null);
  };
}

interface Login {
  readonly body: unknown;
  readonly kratosId: string;
  readonly language: Language;
}

function answer(
  options: GateOptions,
  served: OryOrganization,
  others: readonly string[],
  { body, kratosId, language }: Login,
): GateReply {
  const { store, settings, clock, siteBase } = options;
  const personIn = (organization: string) => findOryPerson(store.main, organization, kratosId);
  const known = personIn(served.organization.settings.id);
  const standing = standingOf(known?.person ?? null);
  const blocked = isKratosIdentityBlocked(store, kratosId);
  const said = askGate(settings.gate, {
    standing,
    elsewhere: others.map(other => standingOf(personIn(other)?.person ?? null)),
    blocked,
    legacyDecline: saysLegacyDecline(options.legacyKeys, body),
  });
  const afterwards = known ? repairOf(options, served, known, body) : undefined;
  const later = afterwards === undefined ? {} : { afterwards };
  if (said.open) return { status: 200, body: {}, ...later };
  const claim = { kratosId, provider: served.provider, attempt: known?.newest?.seq ?? 0 };
  const url =
    said.resume && settings.resumeLink
      ? `${siteBase}/v/${makeResumeToken(store.keyring, { ...claim, expiresAt: clock.now() + resumeMs })}`
      : null;
  const told = said.message === 'declined' && standing !== 'retry' ? 'rejected' : standing;
  const word = told === 'none' ? 'none' : served.words.statuses[told];
  return { ...closed(served, said.message, word, language, url), ...later };
}

/** Older setups' templates send the key beside the identity, or all of `metadata_public`. */
function saysLegacyDecline(keys: readonly string[], body: unknown): boolean {
  return [body, member(body, 'metadata_public')].some(holder =>
    keys.some(key => isLegacyDecline(member(holder, key))),
  );
}

const codes: Readonly<Record<GateMessage, string>> = {
  pending: 'verification_pending',
  in_review: 'verification_in_review',
  declined: 'verification_declined',
  unverified: 'verification_required',
  cannot_tell: 'verification_unavailable',
};

function closed(
  { provider }: OryOrganization,
  message: GateMessage,
  status: string,
  language: Language,
  url: string | null,
): Answer {
  const id = gateMessageIds[message];
  const text = gateText(message, language, url);
  const context = { idv: { provider, status, url } };
  return {
    status: 403,
    body: interruptBody({
      error: { code: codes[message], message: gateText(message, language, null) },
      id,
      text,
      context,
    }),
  };
}

/** What mends the identity's metadata, if the hook shows that it is not what was written there. */
function repairOf(
  options: GateOptions,
  served: OryOrganization,
  known: OryPerson,
  body: unknown,
): (() => void) | undefined {
  const [, tree = '', key = ''] = served.words.path.split('/');
  const metadata = member(body, tree);
  if (metadata === undefined || !known.newest || !served.organization.settings.mirror) return undefined;
  const standing: Standing = standingOf(known.person);
  const meant = standing === 'none' ? null : served.words.statuses[standing];
  if (member(member(metadata, key), 'status') === meant) return undefined;
  const { id } = known.newest;
  return () => {
    const stored = findRegistration(options.store.main, id);
    if (!stored) return;
    askForMirror(options.store.main, stored.row, options.clock.now());
    options.wake();
  };
}
