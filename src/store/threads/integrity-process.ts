/** The process that reads databases from end to end: started with their files, it prints an `Integrity`. */
import { openDb } from '../db.js';
import type { Integrity } from './integrity.js';

type Finding = { readonly is: 'sound' | 'damaged' } | { readonly is: 'unread'; readonly why: string };

function read(file: string): Finding {
  try {
    const db = openDb({ file, readonly: true });
    try {
      return { is: db.raw.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'sound' : 'damaged' };
    } finally {
      db.close();
    }
  } catch (error) {
    return findingOf(error);
  }
}

/** A disk that does not answer, or a lock, says nothing about the file. */
function findingOf(error: unknown): Finding {
  const code = error instanceof Error ? String(Reflect.get(error, 'code')) : 'unknown';
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code) ? { is: 'damaged' } : { is: 'unread', why: code };
}

function readAll(files: readonly string[]): Integrity {
  const findings = files.map(file => ({ file, finding: read(file) }));
  return {
    damaged: findings.flatMap(({ file, finding }) => (finding.is === 'damaged' ? [file] : [])),
    unread: findings.flatMap(({ file, finding }) =>
      finding.is === 'unread' ? [{ file, why: finding.why }] : [],
    ),
  };
}

process.stdout.write(JSON.stringify(readAll(process.argv.slice(2))));
