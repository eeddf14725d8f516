import type { Language } from '../../domain/languages.js';
import {
  burnResumeLink,
  findOryPerson,
  isKratosIdentityBlocked,
  isResumeLinkBurnt,
} from '../../store/ory-people.js';
import { type OryOrganization, type OryParts, oryOrganizations } from './ory-parts.js';
import { requestAttempt } from './request-attempt.js';
import { isResumeToken, type OpenedToken, openResumeToken } from './resume-token.js';

/** Links given to blocked logins, as the verification site asks about them. */
export interface ResumeLinks {
  /** whether a path's last part has the form of one */
  isToken(text: string): boolean;
  /** whether it could be used now; changes nothing */
  isUsable(token: string): boolean;
  /** uses it up: the id of the link on which the customer goes on, or null when it leads nowhere (any more) */
  use(token: string, language: Language): string | null;
}

/** Builds them. */
export function createResumeLinks(parts: OryParts): ResumeLinks {
  const { store, clock, settings } = parts;
  const organizations = oryOrganizations(parts.organizations);

  /** The link and its organization while nothing stands against it. */
  function read(token: string): { opened: OpenedToken; served: OryOrganization } | null {
    const opened = settings.resumeLink ? openResumeToken(store.keyring, token) : null;
    if (!opened || opened.expiresAt <= clock.now()) return null;
    const served = organizations.find(({ provider }) => provider === opened.provider);
    return served && !isResumeLinkBurnt(store.main, opened.nonce) ? { opened, served } : null;
  }

  /** Whether the attempt it was made about is still the newest one. */
  function isCurrent({ opened, served }: { opened: OpenedToken; served: OryOrganization }): boolean {
    const known = findOryPerson(store.main, served.organization.settings.id, opened.kratosId);
    return (known?.newest?.seq ?? 0) === opened.attempt && !isKratosIdentityBlocked(store, opened.kratosId);
  }

  return {
    isToken: isResumeToken,
    isUsable(token) {
      const found = read(token);
      return found !== null && isCurrent(found);
    },
    use(token, language) {
      const linkId = store.main.transaction(() => {
        const found = read(token);
        if (!found || !burnResumeLink(store.main, found.opened.nonce, clock.now())) return null;
        if (!isCurrent(found)) return null;
        const request = { kratosId: found.opened.kratosId, language, customer: {} };
        const attempt = requestAttempt(parts, found.served, request, clock.now());
        // what waits for a person, or is decided, is told after a login only
        if (attempt.kind === 'closed' || attempt.kind === 'used_up' || attempt.standing === 'awaiting')
          return null;
        return store.keyring.linkId(attempt.stored.row.id, 'kiosk');
      });
      parts.wake();
      return linkId;
    },
  };
}
