/** The work that outlives a request, by kind, with what each needs to know: ids only, never personal data. */
export interface JobPayloads {
  /** make the applicant at the provider */
  prepare: { registrationId: string };
  /** have the provider make what an external verification site is to be told */
  site_token: { registrationId: string };
  /** tell an external verification site about the applicant */
  tell_site: { registrationId: string };
  /** turn uploads into the provider's check, when there are any */
  submit: { registrationId: string; checkId: string };
  /** the same, because nothing was heard for a while */
  look_for_uploads: { registrationId: string; checkId: string };
  /** the time of a link is over */
  deadline: { registrationId: string; expiresAt: number };
  /** find out whose check a delivery is about */
  resolve: { organization: string; deliveryId: number; checkRef: string; workflow: boolean };
  /** ask the provider about a check, and decide */
  read: { registrationId: string; checkId: string };
  /** ask the provider whether it still stands by what somebody was let in by */
  recheck: { registrationId: string; checkId: string };
  /** an SMS */
  notice: { noticeId: string };
  /** copy the status to Kratos */
  mirror: { registrationId: string };
  /** see whether Kratos still has what it was told, where no hook shows it */
  compare: { registrationId: string };
  /** act in Kratos on a final decline, where the operator wants that */
  restrict: { registrationId: string };
  /** bring the pictures of a check into the vault */
  documents: { checkId: string };
  /** have the provider delete one applicant of somebody who was erased here */
  erase_at_provider: { erasureId: string; place: number };
  /** take back what was written onto the Kratos identity of somebody who was erased here */
  erase_in_kratos: { erasureId: string; place: number };
  /** remove what is left in files and in the inbox of somebody who was erased, and see to it that the rest gets done */
  erase_remains: { erasureId: string };
  /** keep the provider's webhook registered */
  webhook: { organization: string };
  /** have the provider repeat what it may have said while nobody heard */
  catch_up: { organization: string };
}

export type JobKind = keyof JobPayloads;

/** A job to be made. */
export interface NewJob<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  /** what makes it the same job when it is asked for again */
  readonly key: string;
  /** jobs of one lane never run at the same time */
  readonly lane: string;
  /** who is spoken to; each has its own limits */
  readonly receiver: string;
  readonly payload: JobPayloads[Kind];
  /** epoch milliseconds */
  readonly runAt: number;
  /** nobody waits for it: at its receiver, others go first */
  readonly background?: boolean;
}
