/** Verifications with their checks and photos, and the API that shows them. */
import type { FastifyInstance } from 'fastify';
import { documentPng, selfiePng } from '../onfido/pictures.js';
import { type PersonaContext, timestamp } from './context.js';
import { notFound } from './errors.js';
import { fileUrlOf } from './files.js';
import type { Outcome } from './outcomes.js';
import { type Inquiry, newId, type Report, type StoredFile, type Verification, type World } from './world.js';

/** What the usual document says. */
const usualPerson: Readonly<Record<string, string | null>> = {
  'name-first': 'ALEXANDER',
  'name-middle': 'J',
  'name-last': 'SAMPLE',
  birthdate: '1990-07-14',
  nationality: null,
  'country-code': 'CZ',
  'id-class': 'pp',
  'document-number': null,
  'identification-number': 'P1234567',
  'issue-date': '2024-02-01',
  'expiration-date': '2034-01-31',
  'address-street-1': '12 SAMPLE STREET',
  'address-street-2': null,
  'address-city': 'PRAGUE',
  'address-subdivision': null,
  'address-postal-code': '110 00',
};

/** Fields of a document that stay empty here. */
const emptyFields = [
  'name-suffix',
  'native-name-first',
  'native-name-middle',
  'native-name-last',
  'native-name-title',
  'issuing-authority',
  'issuing-subdivision',
  'visa-status',
  'birthplace',
  'endorsements',
  'height',
  'sex',
  'restrictions',
  'vehicle-class',
  'video-url',
  'selfie-photo',
  'selfie-photo-url',
];

const usualChecks = {
  government_id: ['id_tamper_detection', 'id_expired_detection', 'id_portrait_detection'],
  selfie: ['selfie_liveness_detection', 'selfie_id_comparison', 'selfie_pose_detection'],
} as const;

interface CheckWire {
  readonly name: string;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly requirement: string;
  readonly metadata: object;
}

function check(name: string, status: string, requirement = 'required'): CheckWire {
  const reasons = status === 'failed' ? ['simulated'] : [];
  return { name, status, reasons, requirement, metadata: {} };
}

function checksOf(kind: keyof typeof usualChecks, failed: readonly string[], tolerated: readonly string[]) {
  const passed = usualChecks[kind].filter(name => !failed.includes(name) && !tolerated.includes(name));
  return [
    ...failed.map(name => check(name, 'failed')),
    ...tolerated.map(name => check(name, 'failed', 'not_required')),
    ...passed.map(name => check(name, 'passed')),
    check(`${kind === 'selfie' ? 'selfie' : 'id'}_repeat_detection`, 'not_applicable', 'not_required'),
  ];
}

function file(world: World, name: string, bytes: Buffer): StoredFile {
  const stored = { id: newId('file'), name, contentType: 'image/png', bytes };
  world.files.set(stored.id, stored);
  return stored;
}

/** A try that was not enough came before the one that was: two at the same moment would have no order. */
const earlierTryMs = 30_000;

function times(context: PersonaContext, ageMs: number) {
  const now = timestamp(context, -ageMs);
  const seconds = Math.floor((context.schedule.now() - ageMs) / 1000);
  return {
    'created-at': now,
    'created-at-ts': seconds,
    'submitted-at': now,
    'submitted-at-ts': seconds,
    'completed-at': now,
    'completed-at-ts': seconds,
    'redacted-at': null,
    tags: [],
  };
}

interface NewVerification {
  readonly kind: keyof typeof usualChecks;
  readonly failed: readonly string[];
  readonly tolerated?: readonly string[];
  readonly person?: Outcome['person'];
  /** default: failed when a check failed, else passed */
  readonly status?: string;
}

function store(context: PersonaContext, inquiry: Inquiry, given: NewVerification): void {
  const { world } = context;
  const seed = world.verifications.size + 1;
  const isSelfie = given.kind === 'selfie';
  const status = given.status ?? (given.failed.length > 0 ? 'failed' : 'passed');
  const photos = isSelfie
    ? [['center', file(world, 'selfie_center.png', selfiePng(seed))] as const]
    : (['front', 'back'] as const).map(
        side => [side, file(world, `id_${side}.png`, documentPng(side, seed))] as const,
      );
  const checks = checksOf(given.kind, given.failed, given.tolerated ?? []);
  const shared = {
    status,
    ...times(context, status === 'requires_retry' ? earlierTryMs : 0),
    checks,
    'capture-method': 'auto',
    'from-reusable-persona': false,
  };
  const person = { ...usualPerson, ...given.person };
  const empty = Object.fromEntries(emptyFields.map(name => [name, null]));
  const verification: Verification = {
    type: isSelfie ? 'verification/selfie' : 'verification/government-id',
    id: newId('ver'),
    inquiryId: inquiry.id,
    templateId: isSelfie ? 'vtmpl_selfie' : 'vtmpl_governmentid',
    attributes: isSelfie
      ? { ...shared, 'country-code': null }
      : { ...shared, ...empty, ...person, designations: [] },
    photos: new Map(photos),
  };
  world.verifications.set(verification.id, verification);
  inquiry.verifications.push(verification);
}

/** What the customer leaves at the end of the flow. */
export function takeVerifications(context: PersonaContext, inquiry: Inquiry, outcome: Outcome): void {
  const isSelfies = (name: string) => name.startsWith('selfie_');
  const { failedChecks = [], toleratedChecks = [], earlierTry, person } = outcome;
  if (earlierTry !== undefined)
    store(context, inquiry, { kind: 'government_id', failed: [earlierTry], status: 'requires_retry' });
  store(context, inquiry, {
    kind: 'government_id',
    failed: failedChecks.filter(name => !isSelfies(name)),
    tolerated: toleratedChecks.filter(name => !isSelfies(name)),
    person,
  });
  if (!outcome.withoutSelfie)
    store(context, inquiry, {
      kind: 'selfie',
      failed: failedChecks.filter(isSelfies),
      tolerated: toleratedChecks.filter(isSelfies),
    });
  if (outcome.watchlist !== undefined) inquiry.reports.push(watchlistReport(context, outcome.watchlist));
}

function watchlistReport(context: PersonaContext, hasMatch: boolean): Report {
  const now = timestamp(context);
  const attributes = {
    status: 'ready',
    'created-at': now,
    'completed-at': now,
    'redacted-at': null,
    'has-match': hasMatch,
    'is-continuous': false,
    'is-recurring': false,
    tags: [],
  };
  return { type: 'report/watchlist', id: newId('rep'), attributes };
}

function photoAttributes(context: PersonaContext, { type, photos }: Verification): object {
  const isSelfie = type === 'verification/selfie';
  const urls = new Map([...photos].map(([page, stored]) => [page, fileUrlOf(context, stored)]));
  const single = Object.fromEntries(
    (isSelfie ? ['left', 'center', 'right'] : ['front', 'back']).map(page => [
      `${page}-photo-url`,
      urls.get(page) ?? null,
    ]),
  );
  const listed = [...photos].map(([page, { name, bytes }]) => {
    const url = urls.get(page) ?? '';
    const shared = { url, filename: name, 'byte-size': bytes.length };
    return isSelfie
      ? { page: `${page}_photo`, ...shared }
      : { page, ...shared, 'normalized-url': url, 'original-urls': [url] };
  });
  return { ...single, 'photo-urls': listed, ...(isSelfie ? { 'video-url': null } : {}) };
}

/** A verification as the API shows it, with addresses of its photos that work for a while. */
export function verificationWire(context: PersonaContext, verification: Verification): object {
  const { type, id, inquiryId, templateId, attributes } = verification;
  const kind = type.slice('verification/'.length);
  return {
    type,
    id,
    attributes: { ...attributes, ...photoAttributes(context, verification) },
    relationships: {
      inquiry: { data: { type: 'inquiry', id: inquiryId } },
      template: { data: null },
      transaction: { data: null },
      'verification-template': { data: { type: `verification-template/${kind}`, id: templateId } },
    },
  };
}

/** A report as the API shows it. */
export function reportWire({ type, id, attributes }: Report): object {
  return { type, id, attributes, relationships: {} };
}

export function verificationRoutes(app: FastifyInstance, context: PersonaContext): void {
  app.get<{ Params: { id: string } }>('/verifications/:id', async request => {
    const verification = context.world.verifications.get(request.params.id);
    if (!verification) throw notFound();
    return { data: verificationWire(context, verification) };
  });
}
