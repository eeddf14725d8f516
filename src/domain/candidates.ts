/** Rank of results, and the table from concerns to candidate results. */
import type { Concern, ConcernSubject, Report } from './findings.js';
import type { Result } from './results.js';

/** Most severe first. The last two say nothing about a person and therefore never win. */
const ranking: readonly Result[] = [
  'SUSPECTED_COMPROMISED_DOCUMENT',
  'SUSPECTED_POLICE_RECORD',
  'SUSPECTED_VISUAL_CONSISTENCY',
  'SUSPECTED_FACE_COMPARISON',
  'SUSPECTED_DATA_CONSISTENCY',
  'SUSPECTED_DATA_VALIDATION',
  'SUSPECTED',
  'REJECTED_AGE_VALIDATION',
  'REJECTED_IMAGE_INTEGRITY',
  'REJECTED',
  'CAUTION_FACIAL_COMPARISON',
  'CAUTION_VISUAL_CONSISTENCY',
  'CAUTION_IMAGE_INTEGRITY',
  'CAUTION_DATA_CONSISTENCY',
  'CAUTION_DATA_VALIDATION',
  'CAUTION_DATA_COMPARISON',
  'CAUTION',
  'UNKNOWN',
  'CLEAR',
  'RESUBMISSION_REQUESTED',
  'EXPIRED',
];

/** Place of a result in the order of severity, 1 being the most severe. Of several candidates the lowest wins. */
export function severityRank(result: Result): number {
  return ranking.indexOf(result) + 1;
}

/** The most severe of the candidates; CLEAR of none. */
export function mostSevere(...candidates: readonly Result[]): Result {
  return candidates.reduce<Result>(
    (worst, next) => (severityRank(next) < severityRank(worst) ? next : worst),
    'CLEAR',
  );
}

interface Row {
  readonly suspected: Result;
  readonly caution: Result;
  readonly rejected: Result;
  /** the provider gives no level */
  readonly none: Result;
  /** as `none`, under `strictFace` */
  readonly strict: Result;
}

function row(suspected: Result, caution: Result, rejected: Result, none = caution, strict = none): Row {
  return { suspected, caution, rejected, none, strict };
}

const concernTable: Readonly<Record<ConcernSubject, Row>> = {
  document: row('SUSPECTED', 'CAUTION', 'REJECTED'),
  compromised_document: row('SUSPECTED_COMPROMISED_DOCUMENT', 'CAUTION', 'REJECTED'),
  police_record: row('SUSPECTED_POLICE_RECORD', 'CAUTION', 'REJECTED'),
  document_authenticity: row('SUSPECTED_VISUAL_CONSISTENCY', 'CAUTION_VISUAL_CONSISTENCY', 'REJECTED'),
  data_consistency: row('SUSPECTED_DATA_CONSISTENCY', 'CAUTION_DATA_CONSISTENCY', 'REJECTED'),
  data_validation: row('SUSPECTED_DATA_VALIDATION', 'CAUTION_DATA_VALIDATION', 'REJECTED'),
  data_comparison: row('SUSPECTED', 'CAUTION_DATA_COMPARISON', 'REJECTED'),
  document_image: row('SUSPECTED', 'CAUTION_IMAGE_INTEGRITY', 'REJECTED_IMAGE_INTEGRITY'),
  // Too young is a plain refusal, so a missing level does not soften it.
  age: row('SUSPECTED', 'CAUTION', 'REJECTED_AGE_VALIDATION', 'REJECTED_AGE_VALIDATION'),
  issuing_authority: row('SUSPECTED', 'CAUTION', 'REJECTED'),
  face: row('SUSPECTED', 'CAUTION', 'REJECTED'),
  face_comparison: row(
    'SUSPECTED_FACE_COMPARISON',
    'CAUTION_FACIAL_COMPARISON',
    'REJECTED',
    'CAUTION_FACIAL_COMPARISON',
    'SUSPECTED_FACE_COMPARISON',
  ),
  face_image: row('SUSPECTED', 'CAUTION_IMAGE_INTEGRITY', 'REJECTED_IMAGE_INTEGRITY'),
  face_source: row(
    'SUSPECTED',
    'CAUTION_IMAGE_INTEGRITY',
    'REJECTED',
    'CAUTION_IMAGE_INTEGRITY',
    'SUSPECTED',
  ),
  face_authenticity: row(
    'SUSPECTED_VISUAL_CONSISTENCY',
    'CAUTION_VISUAL_CONSISTENCY',
    'REJECTED',
    'CAUTION_VISUAL_CONSISTENCY',
    'SUSPECTED_VISUAL_CONSISTENCY',
  ),
  other: row('SUSPECTED', 'CAUTION', 'REJECTED'),
};

function candidateOf(concern: Concern, strict: boolean): Result {
  if (!Object.hasOwn(concernTable, concern.subject)) return 'UNKNOWN';
  const cells = concernTable[concern.subject];
  const level = concern.level;
  if (level === 'suspected' || level === 'rejected' || level === 'caution') return cells[level];
  return strict ? cells.strict : cells.none;
}

/** What one report amounts to: a candidate for each concern, and one for an outcome that no concern explains. */
export function candidatesOf(report: Report, strict: boolean): Result[] {
  const found = report.concerns.map(concern => candidateOf(concern, strict));
  if (report.outcome === 'clear') return found;
  if (report.outcome === 'not_clear') return found.length > 0 ? found : ['CAUTION'];
  return [...found, 'UNKNOWN'];
}
