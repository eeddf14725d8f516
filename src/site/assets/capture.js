// Runs the vendor's capture inside our page: waits for the vendor's script, fetches a token, starts it, and leads the
// customer on, whatever happens. Stands before the vendor's script tag, so that it sees that script arrive or fail.
(() => {
  const root = document.getElementById('capture');
  const wait = document.getElementById('capture-wait');
  const waitText = document.getElementById('capture-wait-text');
  const offlineBanner = document.getElementById('capture-offline');
  const { base, lang, captureLanguage } = root.dataset;
  const slowAfter = 12000;
  const mostRenewals = 3;

  let handle = null;
  let renewals = 0;
  /** set once the customer is led elsewhere: whatever the vendor's script says afterwards is late */
  let over = false;
  let completed = false;
  let slowTimer = 0;

  const address = below => `${base}${below}?lang=${lang}`;
  const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

  // ---- what the customer sees

  const showWait = text => {
    clearTimeout(slowTimer);
    if (text) waitText.textContent = text;
    wait.hidden = false;
    slowTimer = setTimeout(() => {
      waitText.textContent = wait.dataset.slow;
    }, slowAfter);
  };

  const hideWait = () => {
    clearTimeout(slowTimer);
    wait.hidden = true;
  };

  const leaveFor = below => {
    over = true;
    location.assign(address(below));
  };

  const showPanel = name => {
    over = true;
    hideWait();
    tearDown();
    const panel = root.querySelector(`[data-panel="${name}"]`);
    panel.hidden = false;
    panel.focus();
  };

  const tearDown = async () => {
    const old = handle;
    handle = null;
    try {
      if (old) await old.tearDown();
    } catch (_broken) {
      // It is gone either way: the next one gets an empty container.
    }
    document.getElementById('capture-mount').textContent = '';
  };

  // ---- what the server is told

  const post = (below, fields) =>
    fetch(address(below), {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: fields && new URLSearchParams(fields),
      keepalive: true,
    });

  const note = type => {
    post('/problem', { type }).catch(() => {});
  };

  const submit = async () => {
    for (const pause of [500, 1500, 4000]) {
      try {
        const response = await post('/submit');
        if (response.status < 500 && response.status !== 429) return;
      } catch (_offline) {
        // Tried again below; the server finds the photos by itself if it never hears of them from here.
      }
      await sleep(pause);
    }
  };

  // ---- the way through

  const onComplete = async () => {
    if (over) return;
    over = true;
    completed = true;
    showWait(wait.dataset.sending);
    await submit();
    completed = false;
    location.replace(address(''));
  };

  const helpFor = {
    permissions_unavailable: '/help/camera',
    no_camera: '/help/camera',
    unsupported: '/help/browser',
    unsupported_feature: '/help/browser',
    user_consent_denied: '/help/consent',
    workflow_abandoned: '',
  };

  const renew = async () => {
    renewals += 1;
    showWait();
    await tearDown();
    await open();
  };

  const onError = error => {
    if (over) return;
    const said = (error && typeof error.type === 'string' && error.type) || 'other';
    const type = said.startsWith('cross_device') ? 'cross_device' : said;
    note(type);
    if ((type === 'expired_token' || type === 'invalid_token') && renewals < mostRenewals) renew();
    else if (type in helpFor) leaveFor(helpFor[type]);
    else if (type === 'module_load_error' || !navigator.onLine) showPanel('offline');
    else showPanel('error');
  };

  const launch = session => {
    const options = {
      token: session.token,
      containerId: 'capture-mount',
      language: session.language || captureLanguage,
      onComplete,
      // Not at once: it may be called before `init` has returned what there is to tear down.
      onError: error => setTimeout(() => onError(error), 0),
    };
    if (session.workflowRunId) options.workflowRunId = session.workflowRunId;
    else
      options.steps = ['document', { type: 'face', options: { requestedVariant: 'standard' } }, 'complete'];
    try {
      hideWait();
      handle = window.Onfido.init(options);
    } catch (_refused) {
      note('init_failed');
      showPanel('error');
    }
  };

  /** A session; or `null` when the customer was led elsewhere. */
  const fetchSession = async () => {
    for (const pause of [2000, 4000, 0]) {
      let response;
      try {
        response = await post('/session');
      } catch (_offline) {
        showPanel('offline');
        return null;
      }
      if (response.ok) return response.json();
      // The link's own page knows what became of it: run out, finished, gone.
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        leaveFor('');
        return null;
      }
      if (pause > 0) await sleep(pause);
    }
    note('session_failed');
    showPanel('busy');
    return null;
  };

  const open = async () => {
    const session = await fetchSession();
    if (!session || over) return;
    if (session.kind === 'redirect') {
      over = true;
      location.assign(session.url);
    } else launch(session);
  };

  const vendorArrived = () => {
    if (over || handle) return;
    if (window.Onfido) open();
    else vendorFailed();
  };

  const vendorFailed = () => {
    if (over) return;
    note(navigator.onLine ? 'script_blocked' : 'offline');
    showPanel('offline');
  };

  // ---- beginning

  // A phone brings a page back as it was left; the capture in it is long dead.
  window.addEventListener('pageshow', event => {
    if (event.persisted) location.reload();
  });
  window.addEventListener('pagehide', () => {
    if (completed) navigator.sendBeacon(address('/submit'));
  });
  window.addEventListener('offline', () => {
    offlineBanner.hidden = over;
  });
  window.addEventListener('online', () => {
    offlineBanner.hidden = true;
  });
  for (const button of root.querySelectorAll('[data-retry]'))
    button.addEventListener('click', () => location.reload());

  // Some browsers inside other apps have no camera at all: better said before the customer reads instructions.
  // biome-ignore lint/complexity/useOptionalChain: phones that lack a camera here often lack newer syntax, too
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia || !window.fetch) {
    if (window.fetch) note('no_media_devices');
    leaveFor('/help/browser');
    return;
  }

  showWait();
  const isVendor = event => event.target && event.target.id === 'vendor-script';
  document.addEventListener('load', event => isVendor(event) && vendorArrived(), true);
  document.addEventListener('error', event => isVendor(event) && vendorFailed(), true);
})();
