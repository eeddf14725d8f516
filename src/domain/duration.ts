/** A time as people say it. */
export interface Amount {
  readonly unit: 'minute' | 'hour';
  readonly count: number;
}

const hoursFrom = 120;

/** Minutes, or from two hours on whole hours: never more than there is. */
export function amountOf(minutes: number): Amount {
  return minutes < hoursFrom
    ? { unit: 'minute', count: minutes }
    : { unit: 'hour', count: Math.floor(minutes / 60) };
}
