/** Attacks in numbers, and what must be true of every answer. */
import { type Attack, makeAttack } from './attacks.js';
import { type Echo, send } from './exchange.js';
import { createChance } from './random.js';
import type { Target } from './target.js';

/** An attack that got what it should not have. */
export interface Wound {
  readonly seed: number;
  readonly attack: string;
  readonly echo: string;
}

/** Many of them only wait to be hung up on. */
const atOnce = 40;

/** Runs the attacks of so many seeds, some at once. Returns how the answers were, and what went wrong. */
export async function runAttacks(
  target: Target,
  seeds: { readonly from: number; readonly count: number },
  mayGoOn: () => boolean = () => true,
): Promise<{ readonly answers: Readonly<Record<string, number>>; readonly wounds: readonly Wound[] }> {
  const answers: Record<string, number> = {};
  const wounds: Wound[] = [];
  let next = seeds.from;
  async function work(): Promise<void> {
    while (next < seeds.from + seeds.count && mayGoOn()) {
      const seed = next++;
      const attack = makeAttack(createChance(seed), target);
      const echo = await send(target, attack);
      const status = echo.silent ? 'silence' : (echo.statuses[0] ?? 'closed');
      answers[status] = (answers[status] ?? 0) + 1;
      if (isWound(attack, echo))
        wounds.push({
          seed,
          attack: `${attack.listener} ${attack.bytes.subarray(0, 600).toString('latin1')}`,
          echo: echo.text.slice(0, 600),
        });
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return { answers, wounds };
}

/** Where a customer's step is answered by asking a provider, or Kratos, who may be busy. */
const mayBeBusy = /^\/(v\/[^/?]+\/(start|session)|(onfido|jumio|persona)\/session)\/?(\?|$)/;

/** 503 is said on purpose there; no other fault of ours may be brought about from outside. */
function isWound({ path }: Attack, { statuses, text, silent }: Echo): boolean {
  return (
    silent ||
    statuses.some(status => status >= 500 && !(status === 503 && mayBeBusy.test(path))) ||
    /node_modules|at .*\.js:\d/.test(text)
  );
}
