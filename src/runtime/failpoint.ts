/**
 * Places between two steps of the work at which a test may end the process, to prove that whatever a crash leaves
 * behind there is made good after the next start. They enter through `compose` and from nowhere else; without one
 * passing such a place costs a call of nothing.
 */
export const failpoints = [
  /** the batch of deliveries is about to be handed to the inbox's thread */
  'inbox.before_commit',
  /** the thread says that it committed; nobody was answered */
  'inbox.after_commit',
  /** one delivery is kept, its 200 not written */
  'delivery.kept',
  /** what came in together has rows of its own, nobody looked at them */
  'delivery.unpacked',
  /** jobs for deliveries are committed, the deliveries still wait */
  'delivery.handed_on',
  /** a check was found to be nobody's or ours, and nothing noted yet */
  'delivery.resolved',
  /** a job was claimed, its handler not called */
  'job.claimed',
  /** its handler is through, the job not settled */
  'job.handled',
  /** a new registration is written, its transaction open */
  'registration.written',
  /** committed, and the kiosk not answered */
  'registration.committed',
  /** the provider has the applicant, we do not know it */
  'applicant.made',
  /** the applicant is ours, the verification site has not heard of it */
  'applicant.kept',
  /** the site was told, the link not texted */
  'site.told',
  /** the provider opened a session or a run, nothing noted yet */
  'session.opened',
  /** that a check is being made is noted, the provider not asked for it */
  'check.noted',
  /** the provider has the check, we do not know it */
  'check.made',
  /** the provider was read, nothing decided */
  'provider.read',
  /** an attempt at an SMS is noted, the vendor not called */
  'sms.noted',
  /** the vendor took the SMS, we have not noted it */
  'sms.sent',
  /** the vendor was asked for an earlier attempt's message, nothing noted of its answer */
  'sms.looked_up',
  /** Kratos has the status, the job is not settled */
  'kratos.patched',
  /** the picture's file is in the vault, its row is not */
  'picture.stored',
  /** the provider has our webhook, we do not have its secret */
  'webhook.kept',
] as const;

/** One of the places. */
export type FailpointName = (typeof failpoints)[number];

/** Called when the work passes a place. What it throws is thrown there. */
export type Failpoint = (name: FailpointName) => void;
