/** One report, classic or out of a workflow, in our words. Pure and total. */
import type { ConcernLevel, MediaReference, Report } from '../../domain/findings.js';
import { asList, asRecord, field, type JsonRecord } from '../json.js';
import { bareConcern, concernsOfTree, isNotClear, safeName } from './breakdowns.js';
import { isUuid } from './ids.js';

/** The family of a report by its name. */
export function kindOfName(name: string): Report['kind'] {
  if (name.startsWith('document')) return 'document';
  return name.startsWith('facial_similarity') ? 'facial' : 'other';
}

function levelOf(kind: Report['kind'], subResult: unknown): ConcernLevel {
  if (subResult === 'suspected' || subResult === 'rejected') return subResult;
  // Faces have no levels; a stray `caution` must not get round the strict option.
  return subResult === 'caution' && kind !== 'facial' ? 'caution' : null;
}

/** Cancelled, withdrawn or unfinished reports have no outcome, and neither have words we do not know. */
function outcomeOf(raw: JsonRecord): Report['outcome'] {
  const status = field(raw, 'status') ?? 'complete';
  const result = field(raw, 'result');
  if (status !== 'complete' && status !== 'completed') return 'none';
  if (result === 'clear') return 'clear';
  return result === 'consider' || result === 'unidentified' ? 'not_clear' : 'none';
}

/** @param kind the family, where it is known better than by the name */
export function readReport(value: unknown, name: string, kind = kindOfName(name)): Report {
  const raw = asRecord(value);
  const subResult = field(raw, 'sub_result');
  const view = { name: safeName(name), kind, level: levelOf(kind, subResult) };
  const outcome = outcomeOf(raw);
  const concerns = concernsOfTree(view, field(raw, 'breakdown'));
  const speaksAgainst = outcome === 'not_clear' || isNotClear(subResult);
  return {
    name: view.name,
    kind,
    outcome,
    concerns: concerns.length === 0 && speaksAgainst ? [bareConcern(view)] : concerns,
  };
}

const mediaFields: readonly (readonly [string, MediaReference['kind']])[] = [
  ['documents', 'document'],
  ['live_photos', 'selfie'],
  ['live_videos', 'selfie_video'],
  ['motion_captures', 'selfie_motion'],
  ['id_photos', 'id_photo'],
];

/** The media a report names; documents are told apart by `sides` where these are known. */
export function mediaOfReport(value: unknown, sides: JsonRecord): MediaReference[] {
  const raw = asRecord(value);
  return mediaFields.flatMap(([name, kind]) =>
    asList(field(raw, name))
      .map(each => field(asRecord(each), 'id'))
      .filter(isUuid)
      .map(ref => ({
        kind: kind === 'document' && field(sides, ref) === 'back' ? 'document_back' : kind,
        ref,
      })),
  );
}

/** Each medium once, in a fixed order. */
export function sortedMedia(media: readonly MediaReference[]): MediaReference[] {
  const byKey = new Map(media.map(each => [`${each.kind} ${each.ref}`, each]));
  const stated = media.filter(each => each.sha256 !== undefined);
  for (const each of stated) byKey.set(`${each.kind} ${each.ref}`, each);
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** Reports in an order that does not depend on the one they came in. */
export function sortedReports(reports: readonly Report[]): Report[] {
  const keyed = reports.map(report => [JSON.stringify(report), report] as const);
  return keyed.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, report]) => report);
}
