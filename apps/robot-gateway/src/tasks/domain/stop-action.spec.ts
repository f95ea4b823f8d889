import { stopAction, type PendingStop } from './stop-action';

const TIMES = { retryMs: 100, ackMs: 500, keepMs: 10_000 };
const stop = (more: Partial<PendingStop> = {}) =>
  stopAction({ sinceMs: 1_000, triedMs: undefined, sentMs: undefined, robot: undefined, ...more }, TIMES);

describe('a CANCEL that the robot has not confirmed', () => {
  it('is sent at once, and tried again until it is on the robot’s socket', () => {
    expect(stop()).toBe('send');
    expect(stop({ triedMs: 99 })).toBe('nothing');
    expect(stop({ triedMs: 100 })).toBe('send');
  });

  it('is settled by telemetry that came after it and shows no step', () => {
    const said = (driveMode: string, ageMs: number) =>
      stop({ sentMs: 400, triedMs: 400, robot: { driveMode, ageMs } });
    expect(said('IDLE', 300)).toBe('settled');
    expect(said('MANUAL', 300)).toBe('settled');
    expect(said('IDLE', 400)).toBe('nothing');
    expect(said('TASK', 300)).toBe('nothing');
  });

  it('is sent again to a robot that goes on with its step, and to no other', () => {
    const late = (driveMode: string | undefined) =>
      stop({ sentMs: 500, triedMs: 500, robot: driveMode ? { driveMode, ageMs: 10 } : undefined });
    expect(late('TASK')).toBe('send');
    // It may be at another order: old firmware would take a CANCEL to be about that.
    expect(late(undefined)).toBe('nothing');
  });

  it('is given up some time', () => {
    expect(stop({ sinceMs: 10_000, triedMs: 100 })).toBe('give_up');
    expect(stop({ sinceMs: 10_000, sentMs: 9_000, robot: { driveMode: 'TASK', ageMs: 1 } })).toBe('give_up');
  });
});
