import { alertFaults, observabilityFaults, queryFaults } from './observability-faults';
import { alerts, autoscalerMetrics } from './queries';

describe('alerts, dashboards and autoscalers', () => {
  it('have no fault', () => {
    expect(observabilityFaults()).toEqual([]);
    expect(alerts().length).toBeGreaterThan(20);
    expect(autoscalerMetrics().length).toBeGreaterThan(5);
  });

  const good = {
    alert: 'Slow',
    expr: 'a > 1',
    for: '1m',
    labels: { severity: 'info' },
    annotations: { summary: 'It is slow', runbook_url: 'RUNBOOK_URL/Slow.md' },
  };

  it.each([
    ['no runbook', good, [], 'has no runbook'],
    [
      'a link to another',
      { ...good, annotations: { ...good.annotations, runbook_url: 'RUNBOOK_URL/Fast.md' } },
      ['Slow.md'],
      'does not link to its runbook',
    ],
    [
      'no words',
      { ...good, annotations: { runbook_url: 'RUNBOOK_URL/Slow.md' } },
      ['Slow.md'],
      'does not say what is wrong',
    ],
    ['no severity', { ...good, labels: {} }, ['Slow.md'], 'has no severity'],
    ['no time', { ...good, for: '' }, ['Slow.md'], 'goes off at the first look'],
    ['a runbook too many', good, ['Slow.md', 'Old.md'], 'is of no alert'],
  ])('an alert with %s is a fault', (_, rule, runbooks, what) => {
    expect(alertFaults([{ name: 'Slow', rule }], runbooks).map((fault) => fault.what)).toEqual([what]);
  });

  it('a query that Prometheus does not understand is a fault', () => {
    expect(queryFaults([{ where: 'alert Slow', text: 'sum(rate(a[5m])' }])).toHaveLength(1);
  });
});
