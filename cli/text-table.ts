/** Columns of equal width; numbers to the right, at six digits. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = [header, ...rows.map((row) => row.map(shown))];
  const widths = header.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const isNumeric = header.map((_, i) => rows.every((row) => typeof row[i] !== 'string'));
  const aligned = (cell: string, i: number) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!));
  return lines.map((line) => line.map(aligned).join('  ').trimEnd()).join('\n');
}

function shown(cell: string | number | null): string {
  if (cell === null) return '-';
  if (typeof cell === 'string' || Number.isInteger(cell)) return String(cell);
  return String(Number(cell.toPrecision(6)));
}
