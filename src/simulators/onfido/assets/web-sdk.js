// Stands in for the vendor's Web SDK. It draws a small panel in the given container, uploads drawn pictures instead of
// photographed ones, and lets whoever demonstrates or tests choose how the check will end.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const failures = ['invalid_token', 'expired_token'];

  class SdkError extends Error {
    constructor(type, message) {
      super(message);
      this.type = type;
    }
  }

  async function call(token, method, path, body) {
    const headers = { authorization: `Bearer ${token}` };
    if (body) headers['content-type'] = body.type;
    const response = await fetch(`${origin}/_sdk${path}`, { method, headers, body });
    if (response.ok) return response.status === 204 ? undefined : response.json();
    const { error } = await response
      .json()
      .catch(() => ({ error: { type: 'exception', message: 'unreadable' } }));
    if (response.status === 401) {
      const type = failures.includes(error.type) ? error.type : 'invalid_token';
      throw new SdkError(type, `${error.type}: ${error.message}`);
    }
    throw new SdkError('exception', `${response.status} ${error.type}`);
  }

  function json(value) {
    return new Blob([JSON.stringify(value)], { type: 'application/json' });
  }

  // Noise keeps the picture above the lower size limit, however well it is compressed.
  function draw(width, height, paint) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    const noise = context.createImageData(width, height);
    for (let at = 0; at < noise.data.length; at += 4) {
      for (let channel = 0; channel < 3; channel += 1) noise.data[at + channel] = 170 + Math.random() * 60;
      noise.data[at + 3] = 255;
    }
    context.putImageData(noise, 0, 0);
    paint(context);
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  }

  function drawDocument() {
    return draw(240, 150, context => {
      context.fillStyle = '#334';
      context.font = '16px sans-serif';
      context.fillText('SPECIMEN', 90, 40);
      context.fillRect(14, 24, 60, 84);
    });
  }

  async function drawFace(variant) {
    const picture = await draw(160, 200, context => {
      context.fillStyle = '#dba';
      context.beginPath();
      context.arc(80, 90, 50, 0, 2 * Math.PI);
      context.fill();
    });
    return variant === 'standard' ? picture : new Blob([picture], { type: 'video/webm' });
  }

  function variantOf(steps) {
    const face = (steps ?? []).find(step => step?.type === 'face');
    return face?.options?.requestedVariant ?? 'standard';
  }

  async function capture(options, outcome) {
    const { token, steps, workflowRunId } = options;
    const variant = variantOf(steps);
    await call(token, 'POST', '/outcome', json({ outcome }));
    const front = await call(token, 'POST', '/documents?side=front', await drawDocument());
    const face = await call(token, 'POST', `/faces?variant=${variant}`, await drawFace(variant));
    if (workflowRunId) return {};
    return {
      document: { type: front.type, sides: { front: { id: front.id } } },
      face: { id: face.id, variant },
    };
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function style(target, values) {
    for (const [name, value] of Object.entries(values)) target.style.setProperty(name, value);
    return target;
  }

  function button(label, act) {
    const made = element('button', { type: 'button', textContent: label });
    made.addEventListener('click', act);
    return style(made, { padding: '0.6rem 1rem', font: 'inherit', 'min-height': '44px' });
  }

  function drawPanel(session) {
    const heading = element('h2', { id: 'simulated-capture-heading', textContent: 'Simulated capture' });
    const select = element('select', { id: 'simulated-capture-outcome' });
    for (const { name, description } of session.outcomes)
      select.append(element('option', { value: name, textContent: `${description} (${name})` }));
    const label = element('label', { htmlFor: select.id, textContent: 'How the check ends' });
    const status = element('p', { textContent: 'No camera is used; drawn pictures are uploaded.' });
    status.setAttribute('role', 'status');
    const panel = element('section', { lang: 'en' }, heading, status, label, select);
    panel.setAttribute('aria-labelledby', heading.id);
    style(panel, {
      display: 'grid',
      gap: '0.75rem',
      padding: '1rem',
      'max-width': '600px',
      border: '1px solid #888',
    });
    style(panel, { 'box-sizing': 'border-box', 'font-family': 'sans-serif', 'border-radius': '6px' });
    style(panel, { 'grid-template-columns': 'minmax(0, 1fr)' });
    style(select, { 'max-width': '100%', font: 'inherit', padding: '0.5rem', 'min-height': '44px' });
    style(heading, { margin: '0' });
    return { panel, select, status };
  }

  function openPanel(container, session, options, report) {
    const { panel, select, status } = drawPanel(session);
    const finish = button('Finish', async () => {
      finish.disabled = true;
      status.textContent = 'Uploading…';
      try {
        const data = await capture(options, select.value);
        status.textContent = 'Thank you, the capture is complete.';
        options.onComplete?.(data);
      } catch (error) {
        finish.disabled = false;
        status.textContent = 'The upload failed.';
        report(error.type ?? 'exception', error.message);
      }
    });
    const buttons = element(
      'div',
      {},
      finish,
      button('Camera refused', () =>
        report('permissions_unavailable', 'Permission to use the camera was refused'),
      ),
      button('Expired token', () => report('expired_token', 'The token has expired')),
    );
    panel.append(style(buttons, { display: 'flex', 'flex-wrap': 'wrap', gap: '0.5rem' }));
    container.replaceChildren(panel);
    return panel;
  }

  function problemWith(options) {
    if (typeof options?.token !== 'string') return ['invalid_token', 'token is missing'];
    if (options.steps && options.workflowRunId)
      return ['invalid_sdk_parameter', 'steps and workflowRunId exclude each other'];
    if (!document.getElementById(options.containerId ?? 'onfido-mount'))
      return ['invalid_sdk_parameter', 'there is no element with the containerId'];
    return undefined;
  }

  function init(options) {
    let panel;
    let open = true;
    const report = (type, message) => open && options?.onError?.({ type, message });

    async function begin() {
      const problem = problemWith(options);
      if (problem) throw new SdkError(...problem);
      const session = await call(options.token, 'GET', '/session');
      if ((options.workflowRunId ?? null) !== session.workflow_run_id)
        throw new SdkError('invalid_token', 'the token is for another workflow run, or for none');
      if (!open) return;
      const container = document.getElementById(options.containerId ?? 'onfido-mount');
      panel = openPanel(container, session, options, report);
    }

    const begun = begin().catch(error => report(error.type ?? 'exception', error.message));
    return {
      async tearDown() {
        open = false;
        await begun;
        panel?.remove();
      },
    };
  }

  window.Onfido = Object.freeze({ init });
})();
