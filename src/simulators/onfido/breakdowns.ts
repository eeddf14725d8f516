/** The breakdown trees of the reports, by the start of the report's name; the longest start that fits counts. */
type Tree = Readonly<Record<string, readonly string[]>>;

const documentTree: Tree = {
  data_comparison: [
    'issuing_country',
    'gender',
    'date_of_expiry',
    'last_name',
    'document_type',
    'document_numbers',
    'first_name',
    'date_of_birth',
  ],
  data_validation: [
    'gender',
    'date_of_birth',
    'document_numbers',
    'document_expiration',
    'expiry_date',
    'mrz',
    'barcode',
  ],
  image_integrity: ['image_quality', 'supported_document', 'colour_picture', 'conclusive_document_quality'],
  visual_authenticity: [
    'fonts',
    'picture_face_integrity',
    'template',
    'security_features',
    'original_document_present',
    'digital_tampering',
    'other',
    'face_detection',
  ],
  data_consistency: [
    'date_of_expiry',
    'document_numbers',
    'issuing_country',
    'document_type',
    'date_of_birth',
    'gender',
    'first_name',
    'nationality',
    'last_name',
    'multiple_data_sources_present',
  ],
  police_record: [],
  compromised_document: ['document_database', 'repeat_attempts'],
  age_validation: ['minimum_accepted_age'],
  issuing_authority: ['nfc_active_authentication', 'nfc_passive_authentication'],
};

const photoTree: Tree = {
  face_comparison: ['face_match'],
  image_integrity: ['face_detected', 'source_integrity'],
  visual_authenticity: ['spoofing_detection'],
};

const filmTree: Tree = { ...photoTree, visual_authenticity: ['liveness_detected', 'spoofing_detection'] };

const watchlistTree: Tree = {
  sanction: [],
  politically_exposed_person: [],
  legal_and_regulatory_warnings: [],
};

const trees: Readonly<Record<string, Tree>> = {
  document: documentTree,
  facial_similarity_photo: photoTree,
  facial_similarity_video: filmTree,
  facial_similarity_motion: filmTree,
  known_faces: { previously_seen_faces: [], image_integrity: [] },
  identity_enhanced: {
    sources: ['total_sources'],
    address: ['credit_agencies', 'telephone_database', 'voting_register'],
    date_of_birth: ['credit_agencies', 'voting_register'],
    mortality: [],
  },
  watchlist: watchlistTree,
  watchlist_aml: { ...watchlistTree, adverse_media: [] },
  proof_of_address: {
    data_comparison: ['address', 'first_name', 'last_name'],
    document_classification: ['supported_document'],
    image_integrity: ['image_quality'],
  },
  us_driving_licence: { document: ['number'], address: ['city'], personal: ['last_name'] },
  device_intelligence: { device: ['application_authenticity', 'device_integrity', 'device_reputation'] },
  india_pan: { device: ['pan_valid'] },
};

/** Breakdowns that Onfido runs only where a chip was read. */
const onlyWhenUnclear = new Set(['issuing_authority']);

/** The tree of a report. */
export function treeOf(reportName: string): Tree {
  const start = Object.keys(trees)
    .filter(name => reportName.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];
  return start === undefined ? {} : (trees[start] ?? {});
}

interface Unclear {
  readonly breakdown: string;
  readonly sub: string | undefined;
  readonly reason: string | undefined;
  readonly result: string;
}

/** Reads `breakdown.sub:reason=result`. */
function readUnclear(path: string): Unclear {
  const [where = '', result = 'consider'] = path.split('=');
  const [names = '', reason] = where.split(':');
  const [breakdown = '', sub] = names.split('.');
  return { breakdown, sub, reason, result };
}

const scores: Readonly<Record<string, readonly [clear: number, unclear: number]>> = {
  face_match: [0.6512, 0.0402],
  spoofing_detection: [0.9512, 0.0312],
};

function subProperties(sub: string, found: Unclear | undefined, documentId: string | undefined): unknown {
  const pair = scores[sub];
  const score = pair ? { score: found ? pair[1] : pair[0] } : {};
  const document = sub === 'face_match' && documentId !== undefined ? { document_id: documentId } : {};
  const reason = found?.reason === undefined ? {} : { [found.reason]: 'true' };
  return { ...score, ...document, ...reason };
}

function subResult(breakdown: string, sub: string, unclear: readonly Unclear[]): Unclear | undefined {
  const mine = unclear.filter(item => item.breakdown === breakdown);
  // Onfido's `other` only repeats that one of its siblings is not clear
  if (breakdown === 'visual_authenticity' && sub === 'other')
    return mine[0] && { ...mine[0], reason: undefined };
  return mine.find(item => item.sub === sub);
}

/**
 * The whole tree of a report, with everything clear but the given paths. A path outside the tree is added to it, so
 * that something new from the vendor can be played too.
 */
export function buildBreakdown(
  reportName: string,
  paths: readonly string[],
  documentId: string | undefined,
): unknown {
  const unclear = paths.map(readUnclear);
  const tree: Record<string, readonly string[]> = { ...treeOf(reportName) };
  for (const { breakdown, sub } of unclear) {
    const subs = tree[breakdown] ?? [];
    tree[breakdown] = sub === undefined || subs.includes(sub) ? subs : [...subs, sub];
  }
  return Object.fromEntries(
    Object.entries(tree).map(([breakdown, subs]) => [
      breakdown,
      branch(breakdown, subs, unclear, documentId),
    ]),
  );
}

function branch(
  name: string,
  subs: readonly string[],
  unclear: readonly Unclear[],
  documentId: string | undefined,
) {
  const found = unclear.find(item => item.breakdown === name);
  if (onlyWhenUnclear.has(name) && !found) return null;
  const result = found ? 'consider' : 'clear';
  if (subs.length === 0) return { result };
  const entries = subs.map(sub => {
    const here = subResult(name, sub, unclear);
    return [sub, { result: here?.result ?? 'clear', properties: subProperties(sub, here, documentId) }];
  });
  return { result, breakdown: Object.fromEntries(entries) };
}
