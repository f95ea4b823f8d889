import fc from 'fast-check';
import { nextAction, type RunningTask, type StepAttempt, type TaskTimes } from './next-action';

const TIMES: TaskTimes = { retryMs: 100, offlineMs: 1_000, resendMs: 500, remindMs: 2_000, waitMs: 10_000 };
const attempt = (more: Partial<StepAttempt> = {}): StepAttempt => ({
  status: 'PENDING',
  commandId: null,
  sentMs: undefined,
  triedMs: undefined,
  delivered: false,
  overdue: false,
  ...more,
});
const sent = (more: Partial<StepAttempt> = {}) =>
  attempt({ status: 'SENT', commandId: 'c', sentMs: 50, triedMs: 50, delivered: true, ...more });
const task = (more: Partial<RunningTask> = {}): RunningTask => ({
  status: 'RUNNING',
  step: attempt(),
  waitingMs: 0,
  held: false,
  ordered: false,
  stopping: false,
  robot: { driveMode: 'IDLE', commandId: undefined },
  way: 'free',
  ...more,
});
const action = (more: Partial<RunningTask> = {}) => nextAction(task(more), TIMES);

describe('what is to be done about a task', () => {
  it('sends its step when nothing is in the way', () => {
    expect(action()).toEqual({ do: 'send' });
    expect(action({ robot: undefined })).toEqual({ do: 'send' });
    expect(action({ robot: { driveMode: 'TASK', commandId: 'of the last step' } })).toEqual({ do: 'send' });
  });

  it.each<[string, Partial<RunningTask>]>([
    ['robot_held', { held: true }],
    ['robot_stopping', { stopping: true }],
    ['robot_busy', { ordered: true }],
    ['robot_busy', { robot: { driveMode: 'NAVIGATING', commandId: undefined } }],
    ['robot_busy', { robot: { driveMode: 'MANUAL', commandId: undefined } }],
    ['traffic', { way: 'blocked' }],
  ])('waits: %s, and not for ever', (reason, more) => {
    expect(action(more)).toEqual({ do: 'wait', reason });
    expect(action({ ...more, waitingMs: 10_000 })).toMatchObject({ do: 'fail', code: 'wait_timeout' });
  });

  it('tries a robot that is away again and again, until it has been away for too long', () => {
    const away = (sentMs: number, triedMs: number) =>
      action({ step: sent({ delivered: false, sentMs, triedMs }) }).do;
    expect([away(50, 50), away(500, 100), away(999, 99)]).toEqual(['nothing', 'send_again', 'nothing']);
    expect(action({ step: sent({ delivered: false, sentMs: 1_000 }) })).toMatchObject({
      do: 'fail',
      code: 'robot_offline',
    });
  });

  it('sends an unacknowledged step again, and one that the robot seems to have forgotten', () => {
    expect(action({ step: sent({ triedMs: 499 }) }).do).toBe('nothing');
    expect(action({ step: sent({ triedMs: 500 }) }).do).toBe('send_again');
    const running = sent({ status: 'RUNNING', triedMs: 2_000 });
    expect(action({ step: running }).do).toBe('send_again');
    expect(action({ step: running, robot: { driveMode: 'TASK', commandId: 'c' } }).do).toBe('nothing');
    expect(action({ step: { ...running, triedMs: 1_999 } }).do).toBe('nothing');
  });

  it('fails a step that is overdue, and calls one off when somebody takes the robot', () => {
    for (const status of ['SENT', 'RUNNING'] as const) {
      expect(action({ step: sent({ status, overdue: true }) })).toMatchObject({ code: 'step_timeout' });
      expect(action({ step: sent({ status, overdue: true }), held: true })).toEqual({ do: 'preempt' });
    }
  });

  it('does nothing about a task that does not run, whatever is around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('QUEUED' as const, 'PAUSED' as const, 'DONE' as const, 'FAILED' as const),
        fc.boolean(),
        fc.boolean(),
        (status, held, overdue) => {
          expect(action({ status, held, step: sent({ overdue }) })).toEqual({ do: 'nothing' });
        },
      ),
    );
  });

  it('never sends a step while somebody holds the robot', () => {
    const statuses = fc.constantFrom('PENDING' as const, 'SENT' as const, 'RUNNING' as const);
    const ms = fc.nat({ max: 20_000 });
    fc.assert(
      fc.property(statuses, ms, ms, ms, fc.boolean(), (status, sentMs, triedMs, waitingMs, delivered) => {
        const step = sent({ status, sentMs, triedMs, delivered });
        expect(action({ step, waitingMs, held: true }).do).toMatch(/^(wait|fail|preempt)$/);
      }),
    );
  });
});
