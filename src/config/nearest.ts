/** The known word that was probably meant, or `undefined` when none is close. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const plain = bare(word);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(plain.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(plain, bare(candidate));
    if (distance < bestDistance && distance < Math.max(plain.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A word that was not understood, fit for a message: anything unlike a name could be a secret in the wrong place. */
export function quotable(word: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/.test(word) && !/\d{3}|^api_|^sk_|[A-Za-z0-9_-]{33}/.test(word)
    ? word
    : undefined;
}

/** `a, b and c` */
export function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

// public_url, public-url and PublicUrl all mean publicUrl
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
