/**
 * What a provider can say about a check, in our words. An adapter's `interpret` makes findings from what it fetched;
 * `mapping.ts` alone turns findings into a result. Both are pure.
 */

/** How far the provider is with the check as a whole. */
export type FindingsState =
  /** still running, paused, or waiting for the applicant: there is no verdict yet, which is a normal answer */
  | 'pending'
  /** opened again at the provider after it had been complete */
  | 'reopened'
  /** the provider will say nothing more about it */
  | 'withdrawn'
  /** the customer let it run out at the provider (Studio `abandoned`) */
  | 'abandoned'
  /** the provider failed (Studio `error`) */
  | 'error'
  /** it has a verdict and, unless something is missing, all its reports */
  | 'complete';

/** The provider's own word for the whole. */
export type Verdict =
  /** `clear`, `approved`, `PASSED` */
  | 'clear'
  /** not clear, and the reports say why (classic `consider`) */
  | 'not_clear'
  /** declined by the provider's own rules (Studio `declined`) */
  | 'declined'
  /** wants a person to look (Studio `review`, `WARNING`, `marked-for-review`) */
  | 'review'
  /** no word, or one we do not know */
  | 'none';

/** How bad the provider calls a concern (Onfido's `sub_result`); `null` where it gives no level, as for faces. */
export type ConcernLevel = 'suspected' | 'rejected' | 'caution' | null;

/** What a concern is about. The mapping table has a row for each. */
export type ConcernSubject =
  | 'document'
  | 'compromised_document'
  | 'police_record'
  | 'document_authenticity'
  | 'data_consistency'
  | 'data_validation'
  | 'data_comparison'
  | 'document_image'
  | 'age'
  | 'issuing_authority'
  | 'face'
  | 'face_comparison'
  | 'face_image'
  | 'face_source'
  | 'face_authenticity'
  | 'other';

/** One thing that is not clear. */
export interface Concern {
  readonly subject: ConcernSubject;
  readonly level: ConcernLevel;
  /**
   * Where the provider said it, e.g. `document.data_validation.document_expiration` or
   * `document.image_integrity.image_quality:blurred_photo`. Fixed vocabulary of the vendor, never personal data.
   */
  readonly paths: readonly string[];
}

/** One report of a check. */
export interface Report {
  /** the vendor's name of it, e.g. `facial_similarity_photo` */
  readonly name: string;
  /** what `expectedReports` of an organization is compared with: `document` and `facial` are families of names */
  readonly kind: 'document' | 'facial' | 'other';
  /** `none`: cancelled, withdrawn, without a result, or with one we do not know */
  readonly outcome: 'clear' | 'not_clear' | 'none';
  readonly concerns: readonly Concern[];
}

/** A picture or film the check's own reports name; what goes to the vault. */
export interface MediaReference {
  readonly kind: 'document' | 'document_back' | 'selfie' | 'selfie_video' | 'selfie_motion' | 'id_photo';
  /** the provider's id, matching its id pattern; never a URL */
  readonly ref: string;
  /** base64 SHA-256 the provider stated for the file, where it does (Studio task output) */
  readonly sha256?: string;
}

/** What was read from the document. Plain dates `YYYY-MM-DD`, country ISO 3166 alpha-3. Unread fields are absent. */
export interface PersonalData {
  readonly firstName?: string;
  readonly middleName?: string;
  readonly lastName?: string;
  readonly documentType?:
    | 'national_identity_card'
    | 'driving_licence'
    | 'passport'
    | 'voter_id'
    | 'work_permit'
    | 'residence_permit'
    | 'other';
  readonly documentNumber?: string;
  readonly secondaryDocumentNumber?: string;
  readonly birthDate?: string;
  readonly expirationDate?: string;
  readonly rawAddress?: string;
  readonly streetAddress?: string;
  readonly city?: string;
  readonly zip?: string;
  readonly state?: string;
  readonly country?: string;
  /** who issued the document, alpha-3; `country` prefers the nationality */
  readonly issuingCountry?: string;
}

/** Everything a provider says about one check at one moment. */
export interface Findings {
  readonly state: FindingsState;
  /** while `pending`: the customer has done their part, and the rest is the provider's */
  readonly captured?: boolean;
  readonly verdict: Verdict;
  /** the vendor's own word for it, where it is told beside ours (Jumio: `PASSED`, `WARNING`, `FAILED`) */
  readonly vendorVerdict?: string;
  /** the provider's mark that nothing real was checked */
  readonly sandbox: boolean;
  /** true when the whole ended in a workflow of the vendor's customer (Studio), whose `clear` is only an opinion */
  readonly workflow: boolean;
  readonly reports: readonly Report[];
  /** the provider names reports that it would not hand over for good; the check can then never be CLEAR */
  readonly missingReports: readonly string[];
  /** further fixed words of the provider for a reviewer, e.g. a run's `reasons`; never personal data */
  readonly remarks: readonly string[];
  readonly media: readonly MediaReference[];
  readonly person: PersonalData | null;
}
