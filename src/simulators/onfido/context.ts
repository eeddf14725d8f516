import type { FastifyRequest } from 'fastify';
import type { Courier } from '../wire/courier.js';
import { isoSeconds } from '../wire/fields.js';
import type { Schedule } from '../wire/schedule.js';
import type { Outcome } from './outcomes.js';
import type { World } from './world.js';

/** What the simulator's rooms share. */
export interface OnfidoContext {
  readonly world: World;
  readonly schedule: Schedule;
  readonly courier: Courier;
  /** known once the server listens */
  readonly place: { origin: string };
  readonly settings: {
    /** accepted API tokens; `null`: any */
    readonly apiTokens: readonly string[] | null;
    readonly autoComplete: boolean;
    readonly completeAfterMs: number;
    readonly defaultOutcome: Outcome;
    readonly requireConsent: boolean;
  };
}

/** The API's base path. */
export const basePath = '/v3.6';

/** The moment on the simulator's clock as the API writes it. */
export function timestamp(context: OnfidoContext): string {
  return isoSeconds(context.schedule.now());
}

const tokenHeader = /^Token token=(\S+)$/;

/** The API token of a request, or `undefined` when it carries none that is accepted. */
export function apiTokenOf(context: OnfidoContext, request: FastifyRequest): string | undefined {
  const token = tokenHeader.exec(request.headers.authorization ?? '')?.[1];
  const { apiTokens } = context.settings;
  return token !== undefined && (apiTokens === null || apiTokens.includes(token)) ? token : undefined;
}

/** Whether a request came with a sandbox token; what it creates is then sandbox too. */
export function isSandbox(request: FastifyRequest): boolean {
  return (request.headers.authorization ?? '').startsWith('Token token=api_sandbox');
}
