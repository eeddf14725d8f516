import type {
  SiteJourney,
  SiteProblem,
  SiteSession,
  SiteView,
  StartRequest,
} from '../../src/site/journey.js';

/** The one link the fake journey knows. */
export const knownLink = 'Lq7-known_link_0123456789abcdef';

/** A view with everything a page needs; tests change what they are about. */
export function aView(changes: Partial<SiteView> = {}): SiteView {
  return {
    state: 'ready',
    resubmission: false,
    consentNeeded: false,
    consentGiven: false,
    organization: { name: 'Coin Corner' },
    language: 'en',
    minutesLeft: 87,
    capture: {
      kind: 'embedded',
      scriptUrl: 'https://sdk.vendor.example/v14',
      sources: {
        'script-src': ['https://sdk.vendor.example'],
        'connect-src': ['https://*.vendor.example', 'wss://*.vendor.example'],
        'frame-src': ['https://sdk.vendor.example'],
      },
      workflow: false,
    },
    vendor: {
      name: 'Onfido',
      notices: {
        biometrics: 'https://vendor.example/face',
        privacy: 'https://vendor.example/privacy',
        terms: 'https://vendor.example/terms',
      },
    },
    ...changes,
  };
}

/** A journey that does what the test says and remembers what the site asked of it. */
export interface FakeJourney extends SiteJourney {
  current: SiteView;
  startProblem: SiteProblem | null;
  /** answers of `session`, the last one repeated */
  sessions: SiteSession[];
  readonly starts: StartRequest[];
  readonly calls: string[];
}

/** Knows {@link knownLink} only, and moves as a real one would: `start` to capturing, `submit` to submitted. */
export function fakeJourney(view: SiteView = aView()): FakeJourney {
  const journey: FakeJourney = {
    current: view,
    startProblem: null,
    sessions: [{ kind: 'embedded', token: 'header.payload.signature' }],
    starts: [],
    calls: [],
    view: linkId => (linkId === knownLink ? journey.current : null),
    async start(_linkId, request) {
      journey.calls.push('start');
      journey.starts.push(request);
      if (journey.startProblem) return journey.startProblem;
      const consentGiven = journey.current.consentGiven || request.consent;
      journey.current = { ...journey.current, state: 'capturing', consentGiven };
      return null;
    },
    async session(_linkId, language) {
      journey.calls.push(`session ${language}`);
      return (journey.sessions.length > 1 ? journey.sessions.shift() : journey.sessions[0])!;
    },
    async submit() {
      journey.calls.push('submit');
      journey.current = { ...journey.current, state: 'submitted' };
    },
    problem(_linkId, type) {
      journey.calls.push(`problem ${type}`);
    },
  };
  return journey;
}
