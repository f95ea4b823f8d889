import type { RouteUnderWay } from '../../lease/robot-situation';
import { decideUnderWay, type Verdict } from './under-way';

const SETTLE_MS = 3_000;
const ID = 'dispatch-1';

const route = (status: RouteUnderWay['status'], dispatchedMs: number): RouteUnderWay => ({
  routeId: 'r',
  status,
  dispatchId: ID,
  attempt: 1,
  destination: 'Kitchen',
  dispatchedMs,
});
const decide = (under: RouteUnderWay, state: object | undefined, ageMs = 0): Verdict =>
  decideUnderWay(under, state && { state: state as Record<string, unknown>, ageMs }, SETTLE_MS);

const idle = { driveMode: 'IDLE', currentPosition: 'Home', targetNode: null };
const idleThere = { ...idle, currentPosition: 'Kitchen' };
const driving = { driveMode: 'NAVIGATING', currentPosition: 'Hall', targetNode: 'Kitchen' };
const named = (id: string, status: string, driveMode = 'NAVIGATING') => ({
  driveMode,
  command: { id, status },
});

describe('what becomes of the route that a robot of old firmware drives', () => {
  const active = route('active', 5_000);

  it('is ended by IDLE, and by nothing else', () => {
    expect(decide(active, idle)).toBe('done');
    for (const driveMode of ['NAVIGATING', 'MANUAL', 'idle', ''])
      expect(decide(active, { ...idle, driveMode })).toBe('wait');
  });

  it('is not ended by what was said before it was sent, or by silence', () => {
    expect(decide(active, idle, 5_000)).toBe('wait');
    expect(decide(active, idle, 6_000)).toBe('wait');
    expect(decide(active, undefined)).toBe('wait');
  });
});

describe('a route that was left half-sent', () => {
  const left = route('dispatching', SETTLE_MS);

  it('is left to the process that sends it while that may still be at it', () => {
    for (const state of [idle, driving, named(ID, 'RUNNING')])
      expect(decide(route('dispatching', SETTLE_MS - 1), state)).toBe('wait');
  });

  it.each<[string, object, Verdict]>([
    ['drives there', driving, 'active'],
    ['drives, and does not say where to', { ...driving, targetNode: null }, 'active'],
    ['drives somewhere else', { ...driving, targetNode: 'Dock' }, 'wait'],
    ['waits where the route leads', idleThere, 'done'],
    ['waits somewhere else', idle, 'again'],
  ])('is judged by a robot of old firmware that %s', (_what, state, verdict) => {
    expect(decide(left, state)).toBe(verdict);
  });

  it.each<[string, object, Verdict]>([
    ['drives it', named(ID, 'RUNNING'), 'active'],
    ['has driven it', named(ID, 'DONE', 'IDLE'), 'done'],
    ['gave it up', named(ID, 'CANCELED', 'IDLE'), 'canceled'],
    ['failed', named(ID, 'FAILED', 'IDLE'), 'lost'],
    ['waits, and has had another one', named('older', 'DONE', 'IDLE'), 'again'],
    ['drives another one', named('other', 'RUNNING'), 'wait'],
  ])('is judged by a robot of new firmware that %s', (_what, state, verdict) => {
    expect(decide(left, state)).toBe(verdict);
  });
});

describe('what becomes of the route that a robot of new firmware drives', () => {
  it('is ended by its own name, not by an IDLE that crossed it on its way', () => {
    expect(decide(route('active', 10), named('older', 'DONE', 'IDLE'))).toBe('wait');
    expect(decide(route('active', 10), named(ID, 'RUNNING', 'IDLE'))).toBe('wait');
    expect(decide(route('active', 10), named(ID, 'DONE', 'IDLE'))).toBe('done');
  });

  it('is sent again when the robot waits and never says it had it', () => {
    expect(decide(route('active', SETTLE_MS), named('older', 'DONE', 'IDLE'))).toBe('again');
  });
});
