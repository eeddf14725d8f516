/** Rows under headings, as wide as they need to be; the last column is not padded. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  return [line(headings), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)]
    .map(text => `${text.trimEnd()}\n`)
    .join('');
}

/** A moment as people read it in a list: UTC, to the second. */
export function moment(epochMs: number | null): string {
  return epochMs === null ? '' : new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19);
}
