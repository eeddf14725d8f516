/** What whoever asked for a check told of the customer. Nobody has verified any of it; it decides nothing. */
export interface CustomerData {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
}
