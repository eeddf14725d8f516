/**
 * Shapes of what Onfido sends, as lenient as they can be: only what is used is named, `null` and absent are the same,
 * unknown fields and words are allowed. An id that does not match its pattern is as good as absent in a webhook, and
 * makes an API answer unreadable.
 */
import { z } from 'zod';
import { isTaskId, isUuid, type TaskId, type Uuid } from './ids.js';

const uuid = z.custom<Uuid>(isUuid);
const optionalUuid = uuid.nullish().catch(null);
const text = z.string().nullish().catch(null);
const texts = z.array(z.string()).nullish().catch(null);

/** Real events carry `action` and `object`; the published schema, which requires other fields, is wrong. */
export const webhookBody = z.object({
  payload: z.object({
    resource_type: text,
    action: text,
    object: z.object({ id: optionalUuid, workflow_run_id: optionalUuid }).nullish().catch(null),
    resource: z.object({ applicant_id: optionalUuid, workflow_run_id: optionalUuid }).nullish().catch(null),
  }),
});

export const applicant = z.object({
  id: uuid,
  first_name: text,
  last_name: text,
  created_at: text,
  sandbox: z.boolean().nullish().catch(null),
});

export const check = z.object({
  id: uuid,
  applicant_id: optionalUuid,
  created_at: text,
  status: text,
  tags: texts,
  report_ids: z.array(uuid).nullish(),
});
export type Check = z.infer<typeof check>;

export const checkList = z.object({ checks: z.array(check) });

export const report = z.object({ id: uuid });

/** Reports are kept as they came, since reading them is the business of `interpret`. */
export const reportList = z.object({ reports: z.array(z.looseObject({ id: uuid })) });

export const workflowRun = z.object({
  id: uuid,
  applicant_id: optionalUuid,
  status: text,
  tags: texts,
  sdk_token: text,
  created_at: text,
});
export type WorkflowRun = z.infer<typeof workflowRun>;

export const workflowRunList = z.array(workflowRun);

export const taskList = z.array(z.object({ id: z.custom<TaskId>(isTaskId), task_def_id: text }));

/** A document or selfie as uploaded. */
export const upload = z.object({
  id: uuid,
  created_at: text,
  type: text,
  side: text,
});
export type Upload = z.infer<typeof upload>;

const uploads = z.array(upload);
export const documentList = z.object({ documents: uploads });
export const livePhotoList = z.object({ live_photos: uploads });
export const liveVideoList = z.object({ live_videos: uploads });
export const motionCaptureList = z.object({ motion_captures: uploads });

export const sdkToken = z.object({ token: z.string().regex(/^[\w.-]+$/) });

export const webhook = z.object({
  id: uuid,
  name: text,
  url: text,
  token: z
    .string()
    .regex(/^[\w-]+$/)
    .nullish()
    .catch(null),
  enabled: z.boolean().nullish().catch(null),
  events: texts,
  environments: texts,
  payload_version: z.number().nullish().catch(null),
});
export type Webhook = z.infer<typeof webhook>;

export const webhookList = z.object({ webhooks: z.array(webhook) });

/** The body of a refusal; only its `type`, a fixed word, is ever looked at. */
export const errorBody = z.object({ error: z.object({ type: z.string() }) });
