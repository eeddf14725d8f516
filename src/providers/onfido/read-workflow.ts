/**
 * Reports and media out of a workflow run. Its author chose the names and what is put out at all, so reports are
 * recognised by their shape. Pure and total.
 */
import type { MediaReference, Report } from '../../domain/findings.js';
import { asList, asRecord, asText, field, isRecord, type JsonRecord } from '../json.js';
import { isUuid } from './ids.js';
import { kindOfName, mediaOfReport, readReport } from './read-report.js';

/** A report as found, with what it is called. */
export interface FoundReport {
  readonly report: Report;
  readonly raw: JsonRecord;
}

function has(tree: JsonRecord, name: string): boolean {
  return isRecord(field(tree, name));
}

function kindOfShape(raw: JsonRecord): Report['kind'] {
  const tree = asRecord(field(raw, 'breakdown'));
  if (has(tree, 'face_comparison')) return 'facial';
  const looksAtDocument =
    (has(tree, 'visual_authenticity') && has(tree, 'data_consistency')) ||
    has(tree, 'data_validation') ||
    has(tree, 'police_record');
  return looksAtDocument ? 'document' : 'other';
}

const results = ['clear', 'consider', 'unidentified'];

/** A report's output, or a bare result in Onfido's words; other things with a `result` are the author's business. */
function isReport(value: unknown): value is JsonRecord {
  if (!isRecord(value) || !Object.hasOwn(value, 'result')) return false;
  const said = field(value, 'result');
  const shaped = ['breakdown', 'sub_result', 'uuid'].some(name => Object.hasOwn(value, name));
  return shaped || (typeof said === 'string' && results.includes(said));
}

/** The name a classic check would use, from the task's definition where that tells it. */
function nameFor(kind: Report['kind'], called: string): string {
  if (kind === 'other') return called;
  const named = called.replace(/_check$/, '');
  if (kindOfName(named) === kind) return named;
  return kind === 'document' ? 'document' : 'facial_similarity';
}

function found(raw: JsonRecord, called: string): FoundReport {
  const kind = kindOfShape(raw);
  return { report: readReport(raw, nameFor(kind, called), kind), raw };
}

/** `value` itself, or what lies directly inside it. */
function reportsIn(value: unknown, called: string): FoundReport[] {
  if (isReport(value)) return [found(value, called)];
  if (Array.isArray(value)) return value.filter(isReport).map(raw => found(raw, called));
  return Object.entries(asRecord(value)).flatMap(([key, inner]) =>
    isReport(inner) ? [found(inner, key)] : [],
  );
}

/** Every report in the run's output and its tasks'; the same one in both places counts once. */
export function reportsOfRun(run: JsonRecord, tasks: readonly unknown[]): FoundReport[] {
  const all = [
    ...tasks.map(asRecord).flatMap(task => reportsIn(field(task, 'output'), nameOfTask(task))),
    ...reportsIn(field(run, 'output'), 'output'),
  ];
  return [
    ...new Map(
      all.map(each => [JSON.stringify([each.report, asText(field(each.raw, 'uuid'))]), each]),
    ).values(),
  ];
}

function nameOfTask(task: JsonRecord): string {
  return asText(field(task, 'task_def_id')) ?? 'task';
}

const captureKinds = new Map<string, MediaReference['kind']>([
  ['document_photo', 'document'],
  ['live_photo', 'selfie'],
  ['face_photo', 'selfie'],
  ['live_video', 'selfie_video'],
  ['face_video', 'selfie_video'],
  ['motion_capture', 'selfie_motion'],
  ['face_motion', 'selfie_motion'],
]);

const checksum = /^[A-Za-z0-9+/]{43}=$/;

function captured(value: unknown): MediaReference[] {
  const raw = asRecord(value);
  const kind = captureKinds.get(asText(field(raw, 'type')) ?? '');
  const ref = field(raw, 'id');
  if (kind === undefined || !isUuid(ref)) return [];
  const sha256 = asText(field(raw, 'checksum_sha256'));
  const isBack = kind === 'document' && field(raw, 'side') === 'back';
  return [
    { kind: isBack ? 'document_back' : kind, ref, ...(sha256 && checksum.test(sha256) ? { sha256 } : {}) },
  ];
}

/** What the capture tasks put out, and what reports name. */
export function mediaOfRun(tasks: readonly unknown[], reports: readonly FoundReport[]): MediaReference[] {
  return [
    ...reports.flatMap(each => mediaOfReport(each.raw, {})),
    ...tasks.flatMap(task => asList(field(asRecord(task), 'output')).flatMap(captured)),
  ];
}
