import type { FastifyInstance } from 'fastify';
import type { Log } from '../runtime/log.js';

/** `message` says what an operator should do; it carries no secret and nothing about a person. */
export type Readiness =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export type Probe = () => Readiness | Promise<Readiness>;

/** Whether the box can do its job, asked part by part. */
export interface Health {
  /** @param part what is being asked, e.g. `store`; unique */
  register(part: string, probe: Probe): void;
  /** adds `GET /healthz` and `GET /readyz`; for the private listener only */
  addRoutes(app: FastifyInstance): void;
}

/** A part that has not answered by then is not ready. */
const patienceMs = 2000;

export function createHealth(log: Log): Health {
  const probes = new Map<string, Probe>();
  return {
    register(part, probe) {
      if (probes.has(part)) throw new Error(`the readiness of "${part}" is registered twice`);
      probes.set(part, probe);
    },
    addRoutes(app) {
      app.get('/healthz', { config: { quiet: true } }, async () => ({ alive: true }));
      app.get('/readyz', { config: { quiet: true } }, async (_request, reply) => {
        const asked = await Promise.all([...probes].map(([part, probe]) => ask(part, probe, log)));
        const problems = asked.filter(problem => problem !== undefined);
        return reply.code(problems.length === 0 ? 200 : 503).send({ ready: problems.length === 0, problems });
      });
    },
  };
}

interface Problem {
  readonly part: string;
  readonly code: string;
  readonly message: string;
}

async function ask(part: string, probe: Probe, log: Log): Promise<Problem | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>(resolve => {
    const verdict: Readiness = { ok: false, code: 'no_answer', message: 'did not answer in time' };
    timer = setTimeout(() => resolve(verdict), patienceMs);
  });
  try {
    const readiness = await Promise.race([Promise.resolve().then(probe), late]);
    return readiness.ok ? undefined : { part, code: readiness.code, message: readiness.message };
  } catch (err) {
    log.error({ err, part }, 'asking for readiness failed');
    return { part, code: 'probe_failed', message: 'could not be asked; see the log' };
  } finally {
    clearTimeout(timer);
  }
}
