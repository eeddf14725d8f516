import type { Language, NoticeKind, Organization } from '../../../config/config.js';
import { amountOf } from '../../../domain/duration.js';
import type { Result } from '../../../domain/results.js';
import type { Catalogue, RetryReason } from './catalogue.js';
import { cs } from './cs.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';

export type { RetryReason } from './catalogue.js';

/** The default texts, for whoever shows them beside an operator's own. */
export const catalogues: Readonly<Record<Language, Catalogue>> = { en, cs, de, es, fr };

/** Placeholders a text may contain; the first column must be in it for the message to make sense. */
const placeholders: Readonly<
  Record<NoticeKind, { required: readonly string[]; optional: readonly string[] }>
> = {
  link: { required: ['link'], optional: ['organization', 'minutes', 'time'] },
  registered: { required: [], optional: ['organization'] },
  rejected: { required: [], optional: ['organization'] },
  rejected_retry: { required: [], optional: ['organization', 'reason'] },
  awaiting: { required: [], optional: ['organization'] },
  resubmission: { required: ['link'], optional: ['organization', 'minutes', 'time'] },
  expired: { required: [], optional: ['organization'] },
};

/** What is filled in. No names: an SMS is read by whoever holds the phone. */
export interface NoticeValues {
  readonly organization: string;
  readonly link?: string;
  readonly minutes?: number;
  /** told by `rejected_retry`; `document` when not said (see {@link retryReason}) */
  readonly reason?: RetryReason;
}

/** A text cannot be filled in. It is the operator's configuration that is wrong; the message names text and cure. */
export class NoticeTextError extends Error {
  override readonly name = 'NoticeTextError';
}

/**
 * What is wrong with an operator's text, one sentence each; empty when it can be used. Meant for the start, so that no
 * job ever meets a text that cannot be filled in.
 */
export function noticeTextProblems(kind: NoticeKind, text: string): string[] {
  const { required, optional } = placeholders[kind];
  const used = [...text.matchAll(/\{([^{}]*)\}/g)].map(match => match[1]!);
  const allowed = [...required, ...optional];
  const list = allowed.map(name => `{${name}}`).join(', ');
  const problems = used
    .filter(name => !allowed.includes(name))
    .map(name => `{${name.slice(0, 40)}} is not known here; known are ${list}`);
  for (const name of required.filter(name => !used.includes(name))) problems.push(`{${name}} is missing`);
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, ''))) problems.push('a brace stands alone');
  if (text.trim() === '') problems.push('it is empty');
  return problems;
}

/**
 * The text of an SMS: the operator's own in that language if there is one, else the default. Every placeholder is
 * filled exactly once; what a value contains is never read as a placeholder.
 *
 * @throws {NoticeTextError} for a text that {@link noticeTextProblems} complains about, or a value that it needs and
 *   that was not given
 */
export function renderNotice(
  kind: NoticeKind,
  language: Language,
  values: NoticeValues,
  overrides: Organization['sms']['texts'] = {},
): string {
  const catalogue = catalogues[language];
  const text = overrides[kind]?.[language] ?? catalogue.texts[kind];
  const [problem] = noticeTextProblems(kind, text);
  if (problem) throw new NoticeTextError(`text "${kind}" in "${language}": ${problem}`);
  const filled: Readonly<Record<string, string | undefined>> = {
    organization: oneLine(values.organization),
    link: values.link,
    minutes: values.minutes?.toString(),
    time: values.minutes === undefined ? undefined : spelled(catalogue, values.minutes),
    reason: catalogue.reasons[values.reason ?? 'document'],
  };
  return text.trim().replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = filled[name];
    if (value === undefined)
      throw new NoticeTextError(
        `text "${kind}" in "${language}" needs {${name}}, which this notice does not have`,
      );
    return value;
  });
}

/** `90 minutes`, `24 hours`. */
function spelled({ units }: Catalogue, minutes: number): string {
  const { unit, count } = amountOf(minutes);
  const [one, several] = units[unit];
  return `${count} ${count === 1 ? one : several}`;
}

/** What a REJECTED customer is told, by the result's kind. */
export function retryReason(result: Result): RetryReason {
  if (result === 'REJECTED_IMAGE_INTEGRITY') return 'pictures';
  if (result === 'REJECTED_AGE_VALIDATION') return 'age';
  return 'document';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
