/** Breakdown trees to concerns: one concern for each breakdown that is not clear. `null` and absent mean "not run". */
import type { Concern, ConcernLevel, ConcernSubject, Report } from '../../domain/findings.js';
import { asRecord, asText, field, isRecord, type JsonRecord } from '../json.js';

const documentSubjects = new Map<string, ConcernSubject>([
  ['compromised_document', 'compromised_document'],
  ['police_record', 'police_record'],
  ['visual_authenticity', 'document_authenticity'],
  ['data_consistency', 'data_consistency'],
  ['data_validation', 'data_validation'],
  ['data_comparison', 'data_comparison'],
  ['image_integrity', 'document_image'],
  ['age_validation', 'age'],
  ['issuing_authority', 'issuing_authority'],
]);

/** Keyed by breakdown and, where a sub-breakdown has a row of its own, by `breakdown.sub`. */
const faceSubjects = new Map<string, ConcernSubject>([
  ['face_comparison', 'face_comparison'],
  ['image_integrity', 'face_image'],
  ['image_integrity.source_integrity', 'face_source'],
  ['visual_authenticity', 'face_authenticity'],
]);

/** What a concern with an unknown breakdown, or with none, is about. */
const fallbackSubjects: Readonly<Record<Report['kind'], ConcernSubject>> = {
  document: 'document',
  facial: 'face',
  other: 'other',
};

/** Sub-breakdowns whose `properties` hold reasons as keys. */
const withReasons = new Set([
  'image_quality',
  'conclusive_document_quality',
  'original_document_present',
  'source_integrity',
]);

const faceSourceReasons = [
  'digital_tampering',
  'fake_webcam',
  'time_of_capture',
  'emulator',
  'challenge_reuse',
];

const namePattern = /^[a-z0-9_-]{1,100}$/i;

/** A name out of Onfido's vocabulary as it may stand in a path; anything else is not repeated. */
export function safeName(name: unknown): string {
  const text = typeof name === 'string' ? name.replaceAll(',', '') : '';
  return namePattern.test(text) ? text : 'unnamed';
}

/** Whether a result is there and says anything but `clear`. */
export function isNotClear(result: unknown): boolean {
  return result !== undefined && result !== null && result !== 'clear';
}

/** A breakdown is an object with a result; one that is something else is taken for its result. */
function resultOf(breakdown: unknown): unknown {
  return isRecord(breakdown) ? field(breakdown, 'result') : breakdown;
}

function reasonsOf(sub: JsonRecord): string[] {
  const properties = asRecord(field(sub, 'properties'));
  const keys = Object.entries(properties)
    .filter(([key, value]) => key !== 'reasons' && (value === true || asText(value) !== undefined))
    .map(([key]) => safeName(key));
  // A free text, of which only known words are taken.
  const listed = (asText(field(properties, 'reasons')) ?? '').split(',').map(word => word.trim());
  return [...new Set([...keys, ...listed.filter(word => faceSourceReasons.includes(word))])].sort();
}

function pathsOf(path: string, name: string, sub: unknown): string[] {
  const whole = `${path}.${safeName(name)}`;
  const reasons = withReasons.has(name) && isRecord(sub) ? reasonsOf(sub) : [];
  return reasons.length === 0 ? [whole] : reasons.map(reason => `${whole}:${reason}`);
}

function subjectOf(kind: Report['kind'], breakdown: string, sub?: string): ConcernSubject {
  if (kind === 'document') return documentSubjects.get(breakdown) ?? 'document';
  if (kind === 'facial')
    return faceSubjects.get(`${breakdown}.${sub}`) ?? faceSubjects.get(breakdown) ?? 'face';
  return 'other';
}

/** `other` is the OR of its siblings and says nothing itself. */
function notClearSubs(name: string, breakdown: unknown): [string, unknown][] {
  const subs = Object.entries(asRecord(field(asRecord(breakdown), 'breakdown')));
  return subs.filter(
    ([sub, value]) => isNotClear(resultOf(value)) && !(name === 'visual_authenticity' && sub === 'other'),
  );
}

function hasNotClearSub(breakdown: unknown): boolean {
  return Object.values(asRecord(field(asRecord(breakdown), 'breakdown'))).some(sub =>
    isNotClear(resultOf(sub)),
  );
}

interface ReportView {
  readonly name: string;
  readonly kind: Report['kind'];
  readonly level: ConcernLevel;
}

function concernsOfBreakdown(report: ReportView, name: string, breakdown: unknown): Concern[] {
  if (!isNotClear(resultOf(breakdown)) && !hasNotClearSub(breakdown)) return [];
  const path = `${report.name}.${safeName(name)}`;
  const subs = notClearSubs(name, breakdown);
  if (subs.length === 0)
    return [{ subject: subjectOf(report.kind, name), level: report.level, paths: [path] }];
  const bySubject = new Map<ConcernSubject, string[]>();
  for (const [sub, value] of subs) {
    const subject = subjectOf(report.kind, name, sub);
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), ...pathsOf(path, sub, value)]);
  }
  return [...bySubject].map(([subject, paths]) => ({ subject, level: report.level, paths: paths.sort() }));
}

/** The concerns of a report's breakdown tree, in a fixed order. */
export function concernsOfTree(report: ReportView, tree: unknown): Concern[] {
  const found = Object.entries(asRecord(tree)).flatMap(([name, breakdown]) =>
    concernsOfBreakdown(report, name, breakdown),
  );
  return found.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
}

function orderOf(concern: Concern): string {
  return `${concern.paths.join()} ${concern.subject}`;
}

/** A report that is not clear although no breakdown says why. */
export function bareConcern(report: ReportView): Concern {
  return { subject: fallbackSubjects[report.kind], level: report.level, paths: [report.name] };
}
