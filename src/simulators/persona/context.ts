import type { Courier } from '../wire/courier.js';
import type { Schedule } from '../wire/schedule.js';
import type { Outcome } from './outcomes.js';
import type { World } from './world.js';

/** What the simulator's rooms share. */
export interface PersonaContext {
  readonly world: World;
  readonly schedule: Schedule;
  readonly courier: Courier;
  /** known once the server listens */
  readonly place: { origin: string };
  readonly settings: {
    /** accepted API keys; `null`: any */
    readonly apiKeys: readonly string[] | null;
    /** templates that exist; `null`: any */
    readonly templateIds: readonly string[] | null;
    readonly fieldNames: readonly string[] | null;
    /** from the end of the flow to the decision */
    readonly decideAfterMs: number;
    readonly defaultOutcome: Outcome;
    /** how long the address of a file works */
    readonly fileLifeMs: number;
    /** how long an inquiry waits for its customer */
    readonly inquiryLifeMs: number;
  };
}

/** The API's base path. */
export const basePath = '/api/v1';

/** A moment as the API writes it. */
export function timestamp(context: PersonaContext, laterMs = 0): string {
  return new Date(context.schedule.now() + laterMs).toISOString();
}
