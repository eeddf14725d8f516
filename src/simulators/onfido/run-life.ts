import { createHash, randomUUID } from 'node:crypto';
import { type OnfidoContext, timestamp } from './context.js';
import { sendRunEvent, sendTaskEvent } from './events.js';
import type { Outcome } from './outcomes.js';
import { reportContent, verdictFor } from './reports.js';
import { type Applicant, type Media, type MediaKind, mediaOf, type Run, type TaskWire } from './world.js';

const selfieKinds: readonly MediaKind[] = ['live_photos', 'live_videos', 'motion_captures'];

const facialNames: Readonly<Partial<Record<MediaKind, string>>> = {
  live_photos: 'facial_similarity_photo',
  live_videos: 'facial_similarity_video',
  motion_captures: 'facial_similarity_motion',
};

function newMedia(context: OnfidoContext, run: Run, kinds: readonly MediaKind[]): Media[] {
  const all = kinds.flatMap(kind => mediaOf(context.world, run.wire.applicant_id, kind));
  return all.filter(media => !run.earlierMedia.has(media.wire.id));
}

/** Moves the applicant's open runs on, once they have a document and a selfie of their own. */
export function applicantUploaded(context: OnfidoContext, applicantId: string): void {
  for (const run of context.world.runs.values()) {
    if (run.wire.applicant_id !== applicantId || run.wire.status !== 'awaiting_input') continue;
    if (
      newMedia(context, run, ['documents']).length === 0 ||
      newMedia(context, run, selfieKinds).length === 0
    )
      continue;
    run.wire.status = 'processing';
    run.wire.updated_at = timestamp(context);
    if (!context.settings.autoComplete) continue;
    context.schedule.after(context.settings.completeAfterMs, () => {
      if (run.wire.status === 'processing') completeRun(context, run);
    });
  }
}

const captureTypes: Readonly<Record<MediaKind, string>> = {
  documents: 'document_photo',
  live_photos: 'live_photo',
  live_videos: 'live_video',
  motion_captures: 'motion_capture',
  id_photos: 'id_photo',
};

function captureOutput(media: readonly Media[]): unknown {
  return media.map(({ kind, wire, bytes }) => ({
    type: captureTypes[kind],
    id: wire.id,
    checksum_sha256: createHash('sha256').update(bytes).digest('base64'),
  }));
}

function reportOutput(
  name: string,
  outcome: Outcome,
  applicant: Applicant,
  documentId: string | undefined,
): unknown {
  const verdict = verdictFor(outcome, name);
  const uuid = randomUUID();
  const repeat_attempts = {
    report_id: uuid,
    attempts_count: 0,
    attempts_clear_rate: 0,
    unique_mismatches_count: 0,
    repeat_attempts: [],
  };
  return { uuid, ...reportContent(name, verdict, applicant, documentId), repeat_attempts, ...verdict.raw };
}

function makeTask(context: OnfidoContext, run: Run, definition: string, output: unknown): TaskWire {
  const now = timestamp(context);
  return {
    id: `${definition}_${randomUUID().slice(0, 5)}`,
    workflow_run_id: run.wire.id,
    task_def_id: definition,
    task_def_version: null,
    created_at: now,
    updated_at: now,
    input: {},
    output,
  };
}

function statusOf(outcome: Outcome): string {
  if (outcome.run) return outcome.run.status;
  const verdicts = [verdictFor(outcome, 'document'), verdictFor(outcome, 'facial_similarity_photo')];
  if (verdicts.every(verdict => verdict.result === 'clear')) return 'approved';
  const declined = verdicts.some(({ subResult }) => subResult === 'suspected' || subResult === 'rejected');
  return declined ? 'declined' : 'review';
}

function makeTasks(context: OnfidoContext, run: Run, outcome: Outcome, applicant: Applicant) {
  const documents = newMedia(context, run, ['documents']);
  const selfies = newMedia(context, run, selfieKinds);
  const facialName = facialNames[selfies.at(-1)?.kind ?? 'live_photos'] ?? 'facial_similarity_photo';
  const documentId = documents.at(-1)?.wire.id;
  const reports = {
    document: reportOutput('document', outcome, applicant, documentId),
    face: reportOutput(facialName, outcome, applicant, documentId),
  };
  const captures = [
    makeTask(context, run, 'upload_document_photo', captureOutput(documents)),
    makeTask(context, run, 'upload_face_photo', captureOutput(selfies)),
  ];
  const checks = [
    makeTask(context, run, 'document_check', reports.document),
    makeTask(context, run, 'face_check', reports.face),
  ];
  return { reports, captures, checks };
}

/** Ends a run with what was decided for it, for its applicant, or by default, and tells the webhooks. */
export function completeRun(context: OnfidoContext, run: Run): void {
  const { applicants, decisions } = context.world;
  const applicant = applicants.get(run.wire.applicant_id);
  if (!applicant) return;
  const decided = decisions.get(run.wire.id) ?? decisions.get(run.wire.applicant_id);
  const outcome = decided ?? context.settings.defaultOutcome;
  const { reports, captures, checks } = makeTasks(context, run, outcome, applicant);
  const place = outcome.run?.output ?? 'reports';
  run.tasks = place === 'none' ? captures : [...captures, ...checks];
  run.completedAt = timestamp(context);
  Object.assign(run.wire, {
    status: statusOf(outcome),
    updated_at: run.completedAt,
    output: place === 'reports' ? reports : null,
    reasons: outcome.run?.reasons ?? [],
    error: outcome.run?.error ?? null,
  });
  for (const task of run.tasks) sendTaskEvent(context, run, task);
  sendRunEvent(context, run);
}
