/**
 * The person behind a phone number or a Kratos identity. The status says what an operator may do for them now.
 */
export const identityStatuses = [
  'unknown',
  'pending',
  'awaiting_registration',
  'registered',
  'rejected',
] as const;

export type IdentityStatus = (typeof identityStatuses)[number];

/** Which registration gave an identity its status, and whether a machine or a person did. */
export interface StatusSource {
  /** the registration's place in the order of creation */
  readonly seq: number;
  readonly by: 'machine' | 'person';
}

/** What `decide` knows of an identity. */
export interface Identity {
  readonly id: string;
  readonly status: IdentityStatus;
  /** epoch milliseconds of the last change of `status` */
  readonly since: number;
  /** null until a registration was decided */
  readonly source: StatusSource | null;
}
