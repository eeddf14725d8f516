// Looks now and then whether the customer's page has changed, ever less often, and stops. The page works without it.
(() => {
  const { page, status } = document.currentScript.dataset;
  const longestPause = 30000;
  // After this long the answer will not come while somebody watches; the message on the page says who tells them.
  const patience = 30 * 60000;
  const began = Date.now();
  let pause = 3000;
  let timer = 0;

  const later = () => {
    clearTimeout(timer);
    if (document.hidden || Date.now() - began > patience) return;
    timer = setTimeout(look, pause);
    pause = Math.min(pause * 1.3, longestPause);
  };

  const look = async () => {
    try {
      const response = await fetch(status, { headers: { accept: 'application/json' }, cache: 'no-store' });
      if (response.status === 404) return;
      if (response.status === 429) pause = longestPause;
      if (response.ok && (await response.json()).page !== page) {
        location.reload();
        return;
      }
    } catch (_offline) {
      pause = longestPause;
    }
    later();
  };

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (!document.hidden && Date.now() - began <= patience) look();
  });
  window.addEventListener('online', () => look());
  window.addEventListener('pageshow', event => {
    if (event.persisted) location.reload();
  });
  later();
})();
