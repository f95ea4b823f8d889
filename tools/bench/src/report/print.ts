import { reached, type Finding, type Reading, type ScenarioResult } from './result';

function rounded(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en');
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function goalOf({ goal, unit }: Finding): string {
  if (goal === undefined) return '';
  return 'least' in goal ? `≥ ${goal.least} ${unit}` : `≤ ${goal.most} ${unit}`;
}

function findingCells(finding: Finding): string[] {
  const { what, unit, value } = finding;
  const verdict = reached(finding);
  const range = value.min === value.max ? '' : `${rounded(value.min)} … ${rounded(value.max)}`;
  return [
    verdict === undefined ? '·' : verdict ? '✓' : '✗ MISSED',
    what,
    `${rounded(value.median)} ${unit}`,
    goalOf(finding),
    range,
  ];
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function readingsTable(readings: readonly Reading[]): string {
  const names = [...new Set(readings.flatMap(({ figures }) => Object.keys(figures)))];
  const cell = (value: string | number | undefined) =>
    value === undefined ? '' : typeof value === 'number' ? rounded(value) : value;
  return table([
    ['', ...names],
    ...readings.map(({ of, figures }) => [of, ...names.map((name) => cell(figures[name]))]),
  ]);
}

export function printed(result: ScenarioResult): string {
  const findings = [
    ['', 'what', 'median', 'goal', 'min … max of the rounds'],
    ...result.findings.map(findingCells),
  ];
  return [
    `\n== ${result.scenario}`,
    result.method,
    '',
    table(findings),
    '',
    readingsTable(result.readings),
    ...(result.notes ?? []).map((note) => `  note: ${note}`),
  ].join('\n');
}
