import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fault, type Fault } from '../fault';
import { DOCS, ROOT } from '../places';

const NAMED = /`((?:apps|libs|tools)\/[^`]+spec\.ts)` › `?([^|`]+?)`? *\|/g;
const RISKS = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);

/** Every test that docs/security.md names, and every risk of the list. */
export const securityFaults = (): Fault[] =>
  namedTestFaults(readFileSync(path.join(DOCS, 'security.md'), 'utf8'), 'docs/security.md');

export function namedTestFaults(text: string, file: string): Fault[] {
  const named = [...text.matchAll(NAMED)].map(([row, spec = '', test = '']) => ({ row, spec, test }));
  const rows = text.split('\n').filter((line) => /^\| API\d/.test(line));
  return [
    ...named.flatMap(({ spec, test }) => testFaults(spec, test).map((what) => fault(file, what))),
    ...rows
      .filter((line) => !line.includes('spec.ts` › '))
      .map((line) => fault(file, `no test shows this row: ${line.slice(0, 60)}`)),
    ...RISKS.filter((risk) => !rows.some((line) => new RegExp(`^\\| ${risk}\\b`).test(line))).map((risk) =>
      fault(file, `does not speak of ${risk}`),
    ),
  ];
}

function testFaults(spec: string, test: string): string[] {
  const place = path.join(ROOT, spec);
  if (!existsSync(place)) return [`names ${spec}, which is not there`];
  // As it is written: the title stands between quotes of one kind or another.
  const written = ["'", '"', '`'].some((quote) =>
    readFileSync(place, 'utf8').includes(`${quote}${test}${quote}`),
  );
  return written ? [] : [`${spec} has no test "${test}"`];
}
