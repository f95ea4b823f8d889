import { readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { BUSY } from './costs';
import { demandOf } from './demand';
import { cellOf, planFor } from './plan';
import { renderCapacity } from './render';
import { simulateLane } from './simulate-lane';

describe('the simulated thread', () => {
  const lane = { frames: 0, frameMs: 1, telemetry: 0, telemetryMs: 1, pausesPerBusySecond: 0, pauseMs: 0 };

  it.each([0.3, 0.5, 0.7, 0.8])('waits as the theory of one server says when it is %d busy', (busy) => {
    const expected = 1 + busy / (2 * (1 - busy)); // M/D/1, in times of the work
    const found = simulateLane({ ...lane, frames: busy * 1_000 }, 150);
    expect(found.busy).toBeCloseTo(busy, 1);
    expect(Math.abs(found.meanMs - expected) / expected).toBeLessThan(0.05);
  });

  it('is the same again for the same seed, and another for another', () => {
    const load = { ...lane, frames: 700 };
    expect(simulateLane(load, 20, 7)).toEqual(simulateLane(load, 20, 7));
    expect(simulateLane(load, 20, 7)).not.toEqual(simulateLane(load, 20, 8));
  });

  it('makes frames wait longer the more it is given, and for pauses', () => {
    const p99 = (frames: number, pauseMs = 0) =>
      simulateLane({ ...lane, frames, pausesPerBusySecond: 20, pauseMs }, 20).p99Ms;
    expect(p99(300)).toBeLessThan(p99(600));
    expect(p99(600)).toBeLessThan(p99(900));
    expect(p99(300, 5)).toBeGreaterThan(p99(300) + 3);
  });
});

describe('the plan', () => {
  it('grows with the robots, and leaves every replica the room it promises', () => {
    const plans = [10, 100, 1_000, 10_000, 100_000].map(planFor);
    for (const [index, plan] of plans.entries()) {
      const { replicas, cores } = cellOf(demandOf(plan.robots / plan.cells));
      expect(cores / replicas).toBeLessThanOrEqual(BUSY);
      const before = plans[index - 1];
      if (before !== undefined) expect(plan.cores).toBeGreaterThan(before.cores);
    }
  });

  it('has two of everything for ten robots, and no cells', () => {
    const { replicas, cells } = planFor(10);
    expect(new Set(Object.values(replicas))).toEqual(new Set([2]));
    expect(cells).toBe(1);
  });

  it('finds that one cell cannot hold a hundred thousand robots: hearing of them alone fills a core', () => {
    expect(cellOf(demandOf(100_000)).replicas).toBe(Infinity);
    expect(planFor(100_000).cells).toBeGreaterThan(10);
  });
});

describe('docs/capacity.md', () => {
  it('holds the tables that this makes', () => {
    const text = readFileSync(path.join(workspaceRoot(__dirname), 'docs', 'capacity.md'), 'utf8');
    const committed = /<!-- made -->\n([^]*)<!-- end -->/.exec(text)?.[1] ?? '';
    // Prettier widens columns; the cells are what counts.
    const cells = (table: string) =>
      table
        .replace(/ *\| */g, '|')
        .replace(/-+/g, '-')
        .trim();
    expect(cells(committed)).toBe(cells(renderCapacity()));
  });
});
