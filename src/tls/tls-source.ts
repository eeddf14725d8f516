/** A certificate (leaf first, then its chain) and its private key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** Where a listener gets its certificate from, and word when there is a newer one. */
export interface TlsSource {
  /** the pair in force; always complete and matching */
  context(): CertificatePair;
  /** `act` is called after `context()` has changed */
  onChange(act: () => void): void;
  /** stops watching; `context()` goes on answering */
  close(): void;
}
