/** Which calls a fault hits. Without `method` or `path` it hits any. */
export interface FaultTarget {
  readonly method?: string;
  /** whole path without query, relative to the API's base; `*` stands for any text, e.g. `/checks/*` */
  readonly path?: string;
  /** how many matching calls fail (default 1) */
  readonly times?: number;
  /** how many matching calls pass before (default 0) */
  readonly skip?: number;
}

/** How a call fails. */
export type FaultKind =
  /** the answer comes late, on the simulator's clock */
  | { readonly kind: 'slow'; readonly ms: number }
  /** refused without acting; the body is the vendor's own for that status unless given */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number | string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** the connection is cut before anything was done */
  | { readonly kind: 'cut' }
  /** the connection is cut while the work goes on: it is done that much later, on the simulator's clock */
  | { readonly kind: 'cut-amid'; readonly ms: number }
  /** everything was done, but the answer is lost */
  | { readonly kind: 'cut-after' };

/** A failure ordered from a test or over `/_control/faults`. */
export type Fault = FaultTarget & FaultKind;

/** The faults still to happen. */
export interface FaultBook {
  add(fault: Fault): void;
  clear(): void;
  /** the fault for this call, if any; counts it as used */
  take(method: string, path: string): Fault | undefined;
}

/** Whether a path fits a pattern in which `*` stands for any text. */
export function fits(pattern: string, path: string): boolean {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(path);
}

/** An empty book. The earliest ordered fault that fits is used first. */
export function createFaultBook(): FaultBook {
  let entries: { fault: Fault; skip: number; left: number }[] = [];
  return {
    add(fault) {
      entries.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
    },
    clear() {
      entries = [];
    },
    take(method, path) {
      for (const entry of entries) {
        const { fault } = entry;
        if (entry.left === 0 || (fault.method !== undefined && fault.method !== method)) continue;
        if (fault.path !== undefined && !fits(fault.path, path)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        return fault;
      }
      return undefined;
    },
  };
}

/** Reads a fault sent to `/_control/faults`; throws with the reason when it is none. */
export function readFault(body: unknown): Fault {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const kinds = ['slow', 'status', 'cut', 'cut-amid', 'cut-after'];
  if (!kinds.includes(String(given.kind))) throw new TypeError(`kind must be one of ${kinds.join(', ')}`);
  if ((given.kind === 'slow' || given.kind === 'cut-amid') && typeof given.ms !== 'number')
    throw new TypeError('ms must be a number');
  if (given.kind === 'status' && typeof given.status !== 'number')
    throw new TypeError('status must be a number');
  return given as unknown as Fault;
}
