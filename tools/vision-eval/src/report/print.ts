import type { JudgedCase } from '../measure/judge-cases';
import type { SideReadings } from '../measure/read-frames';
import { caseFigures, frameFigures, quantile } from './figures';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const ms = (value: number): string => `${Math.round(value)} ms`;
const dollars = (value: number | null): string => (value === null ? 'price unknown' : `$${value.toFixed(4)}`);

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}

/** `all`, then each difficulty that occurs. */
function groups<T extends { readonly difficulty: string }>(items: readonly T[]): [string, T[]][] {
  const names = [...new Set(items.map(({ difficulty }) => difficulty))];
  return [
    ['all', [...items]],
    ...names.map((name): [string, T[]] => [name, items.filter((item) => item.difficulty === name)]),
  ];
}

/** Single frames with one model. */
export function framesReport(model: string, sides: readonly SideReadings[], cost: number | null): string[] {
  const rows = groups(sides).map(([name, group]) => {
    const figures = frameFigures(group);
    return [
      name,
      String(figures.frames),
      percent(figures.bothRight),
      percent(figures.leftRight),
      percent(figures.rightRight),
      figures.meanError.toFixed(3),
      percent(figures.agreement),
      percent(figures.unreadable),
    ];
  });
  return [
    `Single frames, ${model} (${dollars(cost)})`,
    ...table([
      ['', 'frames', 'both right', 'left', 'right', 'mean error', 'agreement', 'unreadable'],
      ...rows,
    ]),
  ];
}

/** Whole evaluations. */
export function casesReport(cases: readonly JudgedCase[]): string[] {
  const rows = groups(cases).map(([name, group]) => {
    const figures = caseFigures(group);
    return [
      name,
      String(figures.cases),
      String(figures.paidRight),
      String(figures.overpaid),
      String(figures.underpaid),
      String(figures.abstained),
      String(figures.unavailable),
      figures.byAttempt.join('/'),
      ms(figures.p50Ms),
      ms(figures.p95Ms),
      dollars(figures.usage.cost_usd),
    ];
  });
  const head = [
    '',
    'cases',
    'paid right',
    'overpaid',
    'underpaid',
    'abstained',
    'unavailable',
    'by attempt 1/2/3',
    'p50',
    'p95',
    'cost',
  ];
  return ['Evaluations in up to three attempts', ...table([head, ...rows])];
}

export function callsReport(calls: ReadonlyMap<string, readonly number[]>): string[] {
  const rows = [...calls].map(([model, times]) => [
    model,
    String(times.length),
    ms(quantile(times, 0.5)),
    ms(quantile(times, 0.95)),
    ms(Math.max(...times)),
  ]);
  return ['Calls', ...table([['', 'calls', 'p50', 'p95', 'max'], ...rows])];
}
