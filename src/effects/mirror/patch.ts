/**
 * What is written onto a Kratos identity: our decision in the provider's words, as one JSON Patch. Pure. Whole provider
 * objects and fixed words as keys only: a number in a path would make Kratos pad an array up to it.
 */
import { machinePhaseOf, type Phase } from '../../domain/phase.js';
import { currentCheck, vendorVerdictOf } from '../../domain/registration.js';
import type { OryState, OryValue, OryWords } from '../../providers/provider.js';
import type { StoredRegistration } from '../../store/registrations.js';

/** One operation of the three that Kratos allows. */
export interface PatchOperation {
  readonly op: 'add';
  readonly path: string;
  readonly value: unknown;
}

/** One check as the mirror tells it, with its times in epoch milliseconds. */
export interface MirrorState extends OryState {
  readonly initiatedAt: number;
  readonly decidedAt: number | null;
}

/** What the mirror tells of a registration, for a person who stands so. */
export function mirrorState({ row, registration, checks }: StoredRegistration, phase: Phase): MirrorState {
  const verdict = vendorVerdictOf(registration);
  return {
    phase,
    machinePhase: machinePhaseOf(registration),
    ...(verdict === undefined ? {} : { verdict }),
    applicantRef: row.applicant_ref,
    checkRef: checks.at(-1)?.workflow === 1 ? currentCheck(registration).checkRef : null,
    initiatedAt: row.created_at,
    decidedAt: registration.status === 'decided' ? row.decided_at : null,
  };
}

/** The provider's object for a check. */
export function mirrorValue(words: OryWords, state: MirrorState): OryValue {
  const { initiatedAt, decidedAt } = state;
  return {
    ...words.value(state),
    initiated_at: new Date(initiatedAt).toISOString(),
    decided_at: decidedAt === null ? null : new Date(decidedAt).toISOString(),
  };
}

/** The patch that puts a value in place, or null there (erasure). Kratos makes missing parents itself. */
export function mirrorPatch(path: string, value: unknown): readonly PatchOperation[] {
  return [{ op: 'add', path, value }];
}
