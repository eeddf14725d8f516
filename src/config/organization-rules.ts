/** The rules within one organization. Paths begin at the organization. */
import { jumioDataCentreOf } from './jumio-hosts.js';
import type { Finding } from './read-settings.js';
import type { OrganizationSettings, Settings } from './schema.js';

type OrganizationRule = (organization: OrganizationSettings, settings: Settings) => Iterable<Finding>;

const duties: OrganizationRule = function* ({ id, name, countries, expectedReports, ory }) {
  if (id === undefined)
    yield { path: ['id'], problem: 'is missing', remedy: 'write id: 1, or another short name' };
  if (name === undefined)
    yield {
      path: ['name'],
      problem: 'is missing',
      remedy: 'write name: and what customers shall read in their SMS',
    };
  // what only Ory asks for needs no phone
  if (countries.length === 0 && !ory)
    yield {
      path: ['countries'],
      problem: 'has no entry',
      remedy:
        'write the countries whose phone numbers are served, such as [CZ, SK]; the first is the default',
    };
  if (expectedReports.length === 0)
    yield {
      path: ['expectedReports'],
      problem: 'is empty, so that nothing would have to be clear',
      remedy: 'write [document, facial], or remove the line',
    };
};

const twice: OrganizationRule = function* ({ countries, expectedReports, onfido, policy }) {
  const lists: [Finding['path'], readonly string[]][] = [
    [['countries'], countries],
    [['expectedReports'], expectedReports],
    [['onfido', 'reportNames'], onfido.reportNames],
    [['policy', 'documentCountries'], policy.documentCountries ?? []],
    [['policy', 'documentTypes'], policy.documentTypes ?? []],
  ];
  for (const [path, words] of lists)
    if (new Set(words).size < words.length)
      yield { path, problem: 'has an entry twice', remedy: 'keep one of them' };
};

const onfido: OrganizationRule = function* ({
  id,
  provider,
  onfido: { apiToken, mode, workflowId, apiBase, region },
}) {
  if (provider !== 'onfido') return;
  if (apiToken === undefined && id !== undefined && id !== '1') {
    const name = `ONFIDO_API_TOKEN_${id.toUpperCase().replaceAll('-', '_')}`;
    yield {
      path: ['onfido', 'apiToken'],
      problem: 'is missing',
      remedy: `write apiToken: {secret: ${name}}`,
    };
  }
  if (mode === 'studio' && workflowId === undefined)
    yield {
      path: ['onfido', 'workflowId'],
      problem: 'is missing, but mode is studio',
      remedy: 'write the id of the workflow as Studio shows it, or mode: classic',
    };
  const host = apiBase === undefined ? '' : new URL(apiBase).hostname;
  if (host.endsWith('.onfido.com') && host !== `api.${region.toLowerCase()}.onfido.com`)
    yield {
      path: ['onfido', 'apiBase'],
      problem: `is not the host of region ${region}`,
      remedy: 'remove it, or write the region the token belongs to',
    };
};

const jumio: OrganizationRule = function* ({
  provider,
  jumio: { clientId, clientSecret, authUrl, apiBase },
  verificationSite,
}) {
  if (provider !== 'jumio') return;
  for (const [key, name, value] of [
    ['clientId', 'JUMIO_CLIENT_ID', clientId],
    ['clientSecret', 'JUMIO_CLIENT_SECRET', clientSecret],
  ] as const)
    if (value === undefined)
      yield { path: ['jumio', key], problem: 'is missing', remedy: `write ${key}: {secret: ${name}}` };
  if (authUrl === undefined && jumioDataCentreOf(apiBase) === undefined)
    yield {
      path: ['jumio', 'authUrl'],
      problem: 'is missing, and does not follow from jumio.apiBase',
      remedy: 'write the URL of the OAuth token, or set JUMIO_AUTH_URL',
    };
  if (verificationSite !== 'built-in')
    yield {
      path: ['verificationSite'],
      problem: 'is external, but Jumio has a page of its own',
      remedy: 'remove the line: the built-in site leads customers there',
    };
};

const persona: OrganizationRule = function* ({
  provider,
  persona: { apiKey, templateId },
  verificationSite,
}) {
  if (provider !== 'persona') return;
  if (apiKey === undefined)
    yield {
      path: ['persona', 'apiKey'],
      problem: 'is missing',
      remedy: 'write apiKey: {secret: PERSONA_API_KEY}',
    };
  if (templateId === undefined)
    yield {
      path: ['persona', 'templateId'],
      problem: 'is missing',
      remedy: 'write the id of the inquiry template, or set PERSONA_TEMPLATE_ID',
    };
  if (verificationSite !== 'built-in')
    yield {
      path: ['verificationSite'],
      problem: 'is external, but Persona has a page of its own',
      remedy: 'remove the line: the built-in site leads customers there',
    };
};

const familyPrefixes: Readonly<Record<string, string>> = {
  document: 'document',
  facial: 'facial_similarity',
};

/** A report that is expected but never asked for would keep every customer from CLEAR. */
const askedReports: OrganizationRule = function* ({
  provider,
  expectedReports,
  onfido: { mode, reportNames },
}) {
  if (provider !== 'onfido') return;
  if (reportNames.length === 0)
    yield {
      path: ['onfido', 'reportNames'],
      problem: 'is empty',
      remedy: 'write [document, facial_similarity_photo]',
    };
  if (mode !== 'classic') return;
  for (const [index, expected] of expectedReports.entries()) {
    const family = familyPrefixes[expected];
    const asked = reportNames.some(
      name => name === expected || (family !== undefined && name.startsWith(family)),
    );
    if (!asked)
      yield {
        path: ['expectedReports', index],
        problem: 'is a report that onfido.reportNames does not ask for',
        remedy: 'add it there, or remove it here',
      };
  }
};

const policy: OrganizationRule = function* ({
  policy: { minimumAge, maximumAge, documentCountries, documentTypes },
}) {
  if (minimumAge !== undefined && maximumAge !== undefined && minimumAge > maximumAge)
    yield {
      path: ['policy', 'minimumAge'],
      problem: 'is above maximumAge',
      remedy: 'write a minimumAge that is not above maximumAge',
    };
  for (const [key, words] of [
    ['documentCountries', documentCountries],
    ['documentTypes', documentTypes],
  ] as const)
    if (words?.length === 0)
      yield {
        path: ['policy', key],
        problem: 'is empty, so that nobody would be registered automatically',
        remedy: 'remove the line, or write autoRegistration: false',
      };
};

const texts: OrganizationRule = function* (organization) {
  for (const kind of ['link', 'resubmission'] as const)
    for (const [language, text] of Object.entries(organization.texts[kind] ?? {}))
      if (text !== undefined && !text.includes('{link}'))
        yield {
          path: ['texts', kind, language],
          problem: 'lacks {link}',
          remedy: 'put {link} where the link belongs',
        };
};

const mirror: OrganizationRule = function* (organization, { kratos }) {
  if (organization.mirror === true && kratos === undefined)
    yield {
      path: ['mirror'],
      problem: 'is true, but there is no Kratos',
      remedy: 'write kratos.adminUrl at the top level, or mirror: false',
    };
};

const all: readonly OrganizationRule[] = [
  duties,
  twice,
  onfido,
  jumio,
  persona,
  askedReports,
  policy,
  texts,
  mirror,
];

/** Asks every rule of one organization. */
export function organizationRules(organization: OrganizationSettings, settings: Settings): Finding[] {
  return all.flatMap(rule => [...rule(organization, settings)]);
}
