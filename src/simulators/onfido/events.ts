import { createHmac } from 'node:crypto';
import { basePath, type OnfidoContext, timestamp } from './context.js';
import type { Check, ReportWire, Run, TaskWire, WebhookWire } from './world.js';

/** The event words of the API. */
export const eventTypes = [
  'audit_log.created',
  'watchlist_monitor.matches_updated',
  'workflow_run.completed',
  'workflow_task.started',
  'workflow_task.completed',
  'check.started',
  'check.reopened',
  'check.withdrawn',
  'check.completed',
  'check.form_completed',
  'report.withdrawn',
  'report.resumed',
  'report.cancelled',
  'report.awaiting_approval',
  'report.completed',
  'workflow_timeline_file.created',
  'workflow_run_evidence_folder.created',
];

/** The content of `X-SHA2-Signature`: lower-case hex HMAC-SHA256 of the raw body. */
export function sign(raw: string | Buffer, token: string): string {
  return createHmac('sha256', token).update(raw).digest('hex');
}

interface Event {
  readonly resourceType: string;
  readonly action: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly resource?: unknown;
  readonly sandbox: boolean;
  /** the only webhooks that may hear of it; empty: all */
  readonly webhookIds?: readonly string[];
}

function hears(webhook: WebhookWire, event: Event): boolean {
  const environment = event.sandbox ? 'sandbox' : 'live';
  const only = event.webhookIds ?? [];
  return (
    webhook.enabled &&
    webhook.events.includes(event.action) &&
    webhook.environments.includes(environment) &&
    (only.length === 0 || only.includes(webhook.id))
  );
}

function sendEvent(context: OnfidoContext, event: Event): void {
  const { resourceType, action, object, resource } = event;
  const payload = {
    resource_type: resourceType,
    action,
    object,
    ...(resource === undefined ? {} : { resource }),
  };
  const body = JSON.stringify({ payload });
  for (const webhook of context.world.webhooks.values()) {
    if (!hears(webhook, event)) continue;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Onfido Webhooks (simulated)',
      'x-sha2-signature': sign(body, webhook.token),
    };
    context.courier.send({ action, url: webhook.url, headers, body });
  }
}

function href(context: OnfidoContext, path: string): string {
  return `${context.place.origin}${basePath}${path}`;
}

/** Tells of a check; `action` may be any word, known or not. */
export function sendCheckEvent(context: OnfidoContext, check: Check, action: string): void {
  const { id, status, sandbox, webhook_ids: webhookIds } = check.wire;
  const moment =
    action === 'check.started'
      ? { started_at_iso8601: check.wire.created_at }
      : { completed_at_iso8601: check.completedAt ?? timestamp(context) };
  const object = { id, status, ...moment, href: href(context, `/checks/${id}`) };
  sendEvent(context, { resourceType: 'check', action, object, sandbox, webhookIds });
}

/** Tells of a report. */
export function sendReportEvent(
  context: OnfidoContext,
  report: ReportWire,
  action: string,
  at?: string,
): void {
  const check = context.world.checks.get(report.check_id);
  const { id, status } = report;
  const completed = { completed_at_iso8601: at ?? timestamp(context) };
  const object = { id, status, ...completed, href: href(context, `/reports/${id}`) };
  const event = { resourceType: 'report', action, object, sandbox: check?.wire.sandbox ?? false };
  sendEvent(context, { ...event, webhookIds: check?.wire.webhook_ids ?? [] });
}

/** Tells that a workflow run has ended. Neither its token nor its custom data is part of that. */
export function sendRunEvent(context: OnfidoContext, run: Run): void {
  const { sdk_token: _token, ...resource } = run.wire;
  const object = {
    id: run.wire.id,
    status: run.wire.status,
    completed_at_iso8601: run.completedAt ?? timestamp(context),
    href: href(context, `/workflow_runs/${run.wire.id}`),
  };
  const event = { resourceType: 'workflow_run', action: 'workflow_run.completed', object, resource };
  sendEvent(context, { ...event, sandbox: run.sandbox });
}

/** Tells that a task of a run is done. */
export function sendTaskEvent(context: OnfidoContext, run: Run, task: TaskWire): void {
  const object = {
    id: task.id,
    task_spec_id: task.id,
    task_def_id: task.task_def_id,
    workflow_run_id: run.wire.id,
    status: 'completed',
    completed_at_iso8601: task.updated_at,
    href: href(context, `/workflow_runs/${run.wire.id}/tasks/${task.id}`),
  };
  const event = { resourceType: 'workflow_task', action: 'workflow_task.completed', object, resource: task };
  sendEvent(context, { ...event, sandbox: run.sandbox });
}
