/** What older setups wrote onto Kratos identities, read and, where it is plain, taken over. */
import type { Organization } from '../../config/config.js';
import type { OryWords, Pointed } from '../../providers/provider.js';
import type { Clock } from '../../runtime/clock.js';
import { type AdoptionObstacle, adoptDecision, adoptionObstacle } from '../../store/commit-adoption.js';
import type { Store } from '../../store/store.js';

/** An organization for whose provider identities are looked at. */
export interface Source {
  readonly organization: Organization;
  readonly provider: string;
  readonly words: OryWords;
}

/** An identity as Kratos' admin API tells it: `at` reaches metadata only, which no client can write. */
export interface ImportedIdentity {
  readonly id: string;
  readonly createdAt: number | null;
  readonly at: Pointed;
}

/** `contradiction`: it was approved in one place and declined in another. `unclear`: words that are no decision. */
export type ImportOutcome = 'adopted' | AdoptionObstacle | 'contradiction' | 'unclear';

/** How many identities of a provider say the same, and what came of it. */
export interface ImportRow {
  readonly provider: string;
  readonly says: string;
  readonly outcome: ImportOutcome;
  readonly count: number;
}

/** The whole. */
export interface ImportSummary {
  readonly applied: boolean;
  /** identities that Kratos has */
  readonly identities: number;
  readonly rows: readonly ImportRow[];
  /** identities a person may want to look at, by their Kratos ids; the first thousand */
  readonly unclear: readonly {
    readonly identity: string;
    readonly provider: string;
    readonly says: string;
  }[];
}

export interface OryImportOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly sources: readonly Source[];
  readonly apply: boolean;
  readonly by: string;
}

const mostUnclear = 1_000;

/** Takes identities page by page, and adds up what came of them. */
export function createOryImport(options: OryImportOptions): {
  take(page: readonly ImportedIdentity[]): void;
  summary(): ImportSummary;
} {
  const { store, sources, apply } = options;
  const counts = new Map<string, ImportRow>();
  const unclear: ImportSummary['unclear'][number][] = [];
  let identities = 0;

  function note(provider: string, identity: string, says: string, outcome: ImportOutcome): void {
    const key = `${provider} ${outcome} ${says}`;
    counts.set(key, { provider, says, outcome, count: (counts.get(key)?.count ?? 0) + 1 });
    const isUnclear = outcome === 'contradiction' || outcome === 'unclear';
    if (isUnclear && unclear.length < mostUnclear) unclear.push({ identity, provider, says });
  }

  return {
    take(page) {
      identities += page.length;
      // one commit for each page
      store.main.transaction(() => {
        for (const identity of page)
          for (const source of sources) {
            const said = saidOf(source.words, identity.at);
            if (said) note(source.provider, identity.id, said.says, takeOne(options, source, identity, said));
          }
      });
    },
    summary: () => ({ applied: apply, identities, rows: sorted([...counts.values()]), unclear }),
  };
}

interface Said {
  readonly says: string;
  readonly action: 'register' | 'reject' | null;
  readonly contradicts: boolean;
}

/** Null where the setup wrote nothing. */
function saidOf({ published }: OryWords, at: Pointed): Said | null {
  const words = published.statuses
    .map(at)
    .filter(word => word !== undefined && word !== null)
    .map(plainWord);
  if (words.length === 0) return null;
  const approvals = words.filter(word => published.approved.includes(word)).length;
  const declines = words.filter(word => published.declined.includes(word)).length;
  return {
    says: [...new Set(words)].sort().join(', '),
    action: approvals === words.length ? 'register' : declines === words.length ? 'reject' : null,
    contradicts: approvals > 0 && declines > 0,
  };
}

/** Metadata may hold anything; only words go to the operator's screen. */
function plainWord(value: unknown): string {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return /^[a-z][a-z0-9_-]{0,39}$/.test(word) ? word : '(no word)';
}

function takeOne(
  { store, clock, apply, by }: OryImportOptions,
  { organization, provider, words }: Source,
  { id: kratosId, createdAt, at }: ImportedIdentity,
  { action, contradicts, says }: Said,
): ImportOutcome {
  if (contradicts) return 'contradiction';
  if (action === null) return 'unclear';
  const { id, language } = organization;
  if (!apply) return adoptionObstacle(store, { organization: id, kratosId }) ?? 'adopted';
  const reason = `taken over: an earlier setup had written "${says}" onto the Kratos identity`;
  const refs = words.published.refs(at);
  const subject = { organization: id, provider, language, kratosId, createdAt };
  return adoptDecision(store, { ...subject, action, refs, by, reason }, clock.now()) ?? 'adopted';
}

function sorted(rows: ImportRow[]): ImportRow[] {
  const key = ({ provider, outcome, says }: ImportRow) => `${provider} ${outcome} ${says}`;
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
