import { namedTestFaults, securityFaults } from './named-tests';

describe('the tests that docs/security.md names', () => {
  it('are there', () => {
    expect(securityFaults()).toEqual([]);
  });

  // Put together here, or it would stand in this file.
  const RENAMED = ['were', 'there'].join(' ');
  const row = (risk: string, spec: string, test: string) => `| ${risk} x | y | z | \`${spec}\` › ${test} |`;
  const here = 'tools/deploy-check/src/documents/named-tests.spec.ts';
  const all = Array.from({ length: 10 }, (_, index) => row(`API${index + 1}`, here, 'are there'));
  const faultsOf = (rows: string[]) => namedTestFaults(rows.join('\n'), 'x.md').map(({ what }) => what);

  it.each([
    ['a test that was renamed', [...all, row('API1', here, RENAMED)], `${here} has no test "${RENAMED}"`],
    [
      'a file that was moved',
      [...all, row('API1', 'apps/gone.spec.ts', 'x')],
      'names apps/gone.spec.ts, which is not there',
    ],
    [
      'a row without a test',
      [...all, '| API3 x | y | z | we are careful |'],
      'no test shows this row: | API3 x | y | z | we are careful |',
    ],
    ['a risk that is left out', all.slice(0, 9), 'does not speak of API10'],
  ])('%s is a fault', (_, rows, what) => {
    expect(faultsOf(all)).toEqual([]);
    expect(faultsOf(rows)).toEqual([what]);
  });
});
