import { isUuid } from '../wire/fields.js';
import { invalid, notFound, OnfidoError } from './errors.js';
import type { Applicant, Check, Report, Run, World } from './world.js';

/** The applicant, unless unknown (404) or scheduled for deletion (410). */
export function findApplicant(world: World, id: string): Applicant {
  const applicant = world.applicants.get(id);
  if (!applicant) throw notFound('applicant', id);
  if (applicant.wire.delete_at !== null)
    throw new OnfidoError(410, 'gone', `Applicant with id: ${id} has been scheduled for deletion`);
  return applicant;
}

/** The applicant named in a body or a query; what is not there is the field's fault (422). */
export function namedApplicant(world: World, id: unknown): Applicant {
  if (id === undefined || id === null || id === '') throw invalid({ applicant_id: ["can't be blank"] });
  if (!isUuid(id) || !world.applicants.has(id)) throw invalid({ applicant_id: ['is invalid'] });
  return findApplicant(world, id);
}

/** The check, or 404. */
export function findCheck(world: World, id: string): Check {
  const check = world.checks.get(id);
  if (!check) throw notFound('check', id);
  return check;
}

/** The report, or 404. */
export function findReport(world: World, id: string): Report {
  const report = world.reports.get(id);
  if (!report || report.missing) throw notFound('report', id);
  return report;
}

/** The workflow run, or 404. */
export function findRun(world: World, id: string): Run {
  const run = world.runs.get(id);
  if (!run) throw notFound('workflow run', id);
  return run;
}
