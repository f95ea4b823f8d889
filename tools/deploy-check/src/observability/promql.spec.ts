import { PromQlError, readExpression } from './promql';

describe('reading a query', () => {
  it('finds metrics, the labels asked for and those grouped by', () => {
    const query =
      'histogram_quantile(0.9, sum by (le, route) (rate(a_seconds_bucket{code=~"5..",pod="x"}[5m]))) > 2 * max(b)';
    expect(readExpression(query)).toEqual({
      selectors: [
        { metric: 'a_seconds_bucket', labels: ['code', 'pod'] },
        { metric: 'b', labels: [] },
      ],
      grouping: ['le', 'route'],
    });
  });

  it.each(['sum(rate(a[5m])', 'a{b=c}', 'sum by (le rate(a[5m])', 'a >', ''])('refuses %j', (text) => {
    expect(() => readExpression(text)).toThrow(PromQlError);
  });
});
