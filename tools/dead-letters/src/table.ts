/** Text in columns; the last one is cut to what is left of `width`. */
export function table(rows: readonly (readonly string[])[], width: number): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => (line.trimEnd().length > width ? `${line.slice(0, width - 1)}…` : line.trimEnd()))
    .join('\n');
}
