import type { StepStatus, TaskStatus } from '@teleop/contracts';
import fc from 'fast-check';
import { move, type TaskEvent, type TaskState } from './task-machine';
import { isOver, isUnderWay, STEP_TRANSITIONS, TASK_TRANSITIONS } from './task-status';

/** A task with all its steps, as the database keeps it. */
interface World {
  task: Omit<TaskState, 'step'>;
  steps: StepStatus[];
  stops: number;
  /** Positions in the order they were sent. */
  sent: number[];
}

const TOTAL = 3;

function world(): World {
  return {
    task: {
      status: 'QUEUED',
      robotId: null,
      currentStep: 0,
      totalSteps: TOTAL,
      pauseRequested: false,
      reason: null,
      errorCode: null,
      errorMessage: null,
    },
    steps: Array.from({ length: TOTAL }, () => 'PENDING'),
    stops: 0,
    sent: [],
  };
}

const stateOf = ({ task, steps }: World): TaskState => ({ ...task, step: steps[task.currentStep] });

/** Writes a move as the store does; false when the event changed nothing. */
function write(w: World, event: TaskEvent): boolean {
  const at = w.task.currentStep;
  const next = move(stateOf(w), event);
  if (next === undefined) return false;
  const allowed = [w.task.status, ...TASK_TRANSITIONS[w.task.status]];
  expect(allowed).toContain(next.task.status);
  if (next.step !== undefined) {
    expect(STEP_TRANSITIONS[w.steps[at]!]).toContain(next.step);
    if (next.step === 'SENT') w.sent.push(at);
    w.steps[at] = next.step;
  }
  w.task = next.task;
  if (next.dropsRest) {
    w.steps = w.steps.map((step) => (STEP_TRANSITIONS[step].length === 0 ? step : 'CANCELED'));
  }
  if (next.stops) w.stops += 1;
  return true;
}

const EVENTS = fc.constantFrom<TaskEvent>(
  { type: 'assigned', robotId: 'r' },
  { type: 'sent' },
  { type: 'sent' },
  { type: 'acknowledged' },
  { type: 'robot_was_busy' },
  { type: 'step_done' },
  { type: 'step_done' },
  { type: 'step_failed', code: 'step_failed', message: 'm' },
  { type: 'failed', code: 'step_timeout', message: 'm' },
  { type: 'waits', reason: 'traffic' },
  { type: 'reached' },
  { type: 'pause' },
  { type: 'resume' },
  { type: 'cancel' },
  { type: 'preempted' },
);

function invariants(w: World): void {
  const { task, steps } = w;
  const done = steps.filter((step) => step === 'DONE').length;
  // Exactly the steps before the current one are done.
  expect(steps.map((step) => step === 'DONE')).toEqual(steps.map((_, position) => position < done));
  expect(done).toBe(task.currentStep);
  // One step at a time, and none of a task that does not run.
  const underWay = steps.filter(isUnderWay).length;
  expect(underWay).toBeLessThanOrEqual(task.status === 'RUNNING' ? 1 : 0);
  expect(task.status === 'DONE').toBe(done === TOTAL);
  if (isOver(task.status)) expect(steps).not.toContain('PENDING');
  expect(task.status === 'FAILED').toBe(task.errorCode !== null);
  if (task.status === 'PAUSED') expect(task.reason).toMatch(/^(requested|preempted)$/);
  if (task.status !== 'RUNNING') expect(task.pauseRequested).toBe(false);
  expect(steps.filter((step) => step === 'FAILED').length).toBeLessThanOrEqual(1);
}

const run = (...types: TaskEvent['type'][]): World => {
  const w = world();
  const bare = { robotId: 'r', code: 'step_failed', message: 'm', reason: 'traffic' };
  for (const type of types) expect(write(w, { ...bare, type } as TaskEvent)).toBe(true);
  return w;
};

describe('the task machine', () => {
  it('keeps its promises whatever comes, in whatever order, how often', () => {
    fc.assert(
      fc.property(fc.array(EVENTS, { maxLength: 60 }), (events) => {
        const w = world();
        for (const event of events) {
          const before = structuredClone(w);
          if (!write(w, event)) expect(w).toEqual(before);
          if (isOver(before.task.status)) expect(w).toEqual(before);
          if (w.task.status === 'CANCELED' || w.task.status === 'FAILED' || w.task.reason === 'preempted') {
            // Whatever was under way is called off, once.
            const was = before.steps.some(isUnderWay) && before.task.status === 'RUNNING';
            const ended = before.task.status !== w.task.status;
            expect(w.stops - before.stops).toBe(was && ended ? 1 : 0);
          }
          invariants(w);
        }
        // Steps are sent in their order; again only the one that was called off or refused.
        expect(w.sent).toEqual([...w.sent].sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  it('comes to its end by results alone', () => {
    const w = run('assigned', 'sent', 'step_done', 'sent', 'acknowledged', 'step_done', 'sent', 'step_done');
    expect(w.task).toMatchObject({ status: 'DONE', currentStep: 3 });
    expect(w.stops).toBe(0);
  });

  it('takes no result for a step that was called off, nor of one that is not sent yet', () => {
    const w = run('assigned', 'sent', 'preempted');
    for (const type of ['step_done', 'step_failed', 'acknowledged'] as const) {
      expect(write(w, { type, code: 'step_failed', message: 'late' })).toBe(false);
    }
    expect(write(w, { type: 'resume' })).toBe(true);
    expect(write(w, { type: 'step_failed', code: 'step_failed', message: 'late' })).toBe(false);
    expect(w.steps[0]).toBe('PENDING');
  });

  it('pauses at once between two steps, else when the step is done; the last step’s end is the end', () => {
    expect(run('assigned', 'pause').task.status).toBe('PAUSED');
    const w = run('assigned', 'sent', 'pause');
    expect(w.task.status).toBe('RUNNING');
    write(w, { type: 'step_done' });
    expect(w.task).toMatchObject({ status: 'PAUSED', reason: 'requested', currentStep: 1 });
    const last = run('assigned', 'sent', 'step_done', 'sent', 'step_done', 'sent', 'pause', 'step_done');
    expect(last.task.status).toBe('DONE');
  });

  it('pauses rather than asking a busy robot again', () => {
    const w = run('assigned', 'sent', 'pause', 'robot_was_busy');
    expect(w.task).toMatchObject({ status: 'PAUSED', reason: 'requested' });
  });

  it.each<[TaskStatus, TaskEvent['type'][]]>([
    ['QUEUED', []],
    ['RUNNING', ['assigned']],
    ['PAUSED', ['assigned', 'pause']],
  ])('can fail and be canceled while %s', (_status, events) => {
    for (const type of ['failed', 'cancel'] as const) {
      const w = run(...events, type);
      expect(isOver(w.task.status)).toBe(true);
      invariants(w);
    }
  });
});
