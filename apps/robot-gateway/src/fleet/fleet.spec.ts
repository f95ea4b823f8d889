import type { Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import type { Hint, RobotHints } from '../replicas/robot-hints';
import { Fleet } from './fleet';
import type { RobotRecord } from './robot-record';
import type { RobotStore } from './robot-store';

const CONFIG = {
  DEFAULT_ROBOT_ID: 'table1',
  ROBOT_API_KEY: 'k',
  FLEET_REFRESH_MS: 3_600_000,
} as RobotsConfig;

const robot = (robotId: string, name = robotId): RobotRecord => ({
  robotId,
  name,
  apiKeyHash: null,
  capabilities: {},
  limits: {},
  url: null,
  lastState: null,
  lastStateAt: null,
  createdAt: new Date(0),
});

/** A database whose answers are of the moment they were asked for, and arrive when the test says. */
class SlowStore {
  readonly rows = new Map([['table1', robot('table1')]]);
  readonly arriving: (() => void)[] = [];
  held = false;

  ensure = () => Promise.resolve();
  all = () => this.answer([...this.rows.values()]);
  find = (robotId: string) => this.answer(this.rows.get(robotId));

  private answer<T>(value: T): Promise<T> {
    if (!this.held) return Promise.resolve(value);
    return new Promise((resolve) => this.arriving.push(() => resolve(value)));
  }
}

async function setup() {
  const store = new SlowStore();
  let hint: (robotId: string, hint: Hint) => void = () => undefined;
  let gap: () => void = () => undefined;
  const hints = {
    onHint: (listener: typeof hint) => (hint = listener),
    onGap: (listener: () => void) => (gap = listener),
  };
  const fleet = new Fleet(
    store as unknown as RobotStore,
    hints as unknown as RobotHints,
    CONFIG,
    undefined as unknown as Logger,
  );
  await fleet.onApplicationBootstrap();
  fleet.onModuleDestroy();
  const gone: string[] = [];
  fleet.onGone((robotId) => gone.push(robotId));
  return { store, fleet, gone, hint: (robotId: string) => hint(robotId, 'robot'), gap: () => gap() };
}

describe('the fleet in memory', () => {
  const arrived = () => new Promise((resolve) => setImmediate(resolve));

  it('keeps a robot that a reading of all, begun before it was registered, does not know', async () => {
    const { store, fleet, gone, gap, hint } = await setup();
    store.held = true;
    gap();
    store.rows.set('new', robot('new'));
    hint('new');
    const [all, one] = store.arriving.splice(0) as [() => void, () => void];
    one();
    await arrived();
    all();
    await arrived();
    expect([fleet.find('new')?.name, gone]).toEqual(['new', []]);
  });

  it('does not go back to what a reading said that was begun earlier and took longer', async () => {
    const { store, fleet, gone, hint } = await setup();
    store.rows.set('r', robot('r', 'old'));
    hint('r');
    await arrived();
    store.held = true;
    hint('r');
    store.rows.set('r', robot('r', 'new'));
    hint('r');
    const [earlier, later] = store.arriving.splice(0) as [() => void, () => void];
    later();
    await arrived();
    earlier();
    await arrived();
    expect(fleet.find('r')?.name).toBe('new');
    store.rows.delete('r');
    hint('r');
    store.arriving.splice(0)[0]!();
    await arrived();
    expect([fleet.find('r'), gone]).toEqual([undefined, ['r']]);
  });

  it('tells once that a robot is gone', async () => {
    const { store, gone, hint, gap } = await setup();
    store.rows.set('r', robot('r'));
    hint('r');
    await arrived();
    store.rows.delete('r');
    hint('r');
    gap();
    await arrived();
    expect(gone).toEqual(['r']);
  });
});
