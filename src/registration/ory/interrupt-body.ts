/** What Kratos reads of a refusal; anything else makes it tell its customer of a fault in general. */
export interface Interruption {
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
  /** stable, and outside the ranges that Kratos uses */
  readonly id: number;
  /** what the login or sign-up page prints */
  readonly text: string;
  readonly context?: object;
}

/** The body of a refusal: an error for programs, and a message for the page. */
export function interruptBody({ error, id, text, context = {} }: Interruption): object {
  return {
    error,
    // `#/`: any other place would have Kratos add a field to the form
    messages: [{ instance_ptr: '#/', messages: [{ id, text, type: 'error', context }] }],
  };
}
