const refusals = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|PROTOCOL|CORRUPT|NOTADB)(_|$)/;

/**
 * SQLite's code where an error says that the machine does not let it write or read: a disk that is full, read-only or
 * broken (which may read as a damaged file for a while), a lock that nobody lets go of. Null for anything else. Nothing
 * was written, and whoever asked may ask again. Recognised by shape, because rooms that know no database meet it too.
 */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && refusals.test(code) ? code : null;
}
