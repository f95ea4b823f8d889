import { RobotEventBody, validate } from '@teleop/contracts';
import fc from 'fast-check';
import { readEvent, type RobotEvent } from './robot-event';

const AT = '2026-01-16T10:00:00Z';
const TASK = '6f1c2f0e-6f0f-4a43-9f0c-0a0f6f9f1a11';
const STEP = 'A2B3C4D5-0000-4000-8000-00000000000F';

function read(body: object): RobotEvent {
  const event = readEvent(body);
  if ('length' in event) throw new Error(`refused: ${JSON.stringify(event)}`);
  return event;
}

function faults(body: object): string[] {
  const event = readEvent(body);
  return 'length' in event ? event.map(({ path }) => path) : [];
}

describe('what a robot reports', () => {
  it('is an event of a moment, as old firmware says it', () => {
    expect(read({ event: 'DESTINATION_REACHED', timestamp: AT })).toEqual({
      event: 'DESTINATION_REACHED',
      priority: 'INFO',
      message: 'DESTINATION_REACHED',
      detail: {},
      occurredAt: AT,
      step: undefined,
    });
  });

  it('is a message, as newer firmware says it', () => {
    expect(read({ priority: 'WARN', message: 'Battery low' })).toMatchObject({
      event: null,
      priority: 'WARN',
      message: 'Battery low',
      occurredAt: undefined,
    });
    expect(read({ message: 'Hello' }).priority).toBe('INFO');
  });

  it.each([
    ['MOTOR_ERROR', 'ERROR'],
    ['NAVIGATION_FAILED', 'ERROR'],
    ['collision_detected', 'ERROR'],
    ['EMERGENCY_STOP', 'ERROR'],
    ['DESTINATION_REACHED', 'INFO'],
  ])('tells from the name how much %s matters: %s', (event, priority) => {
    expect(read({ event, timestamp: AT }).priority).toBe(priority);
    expect(read({ event, timestamp: AT, priority: 'WARN' }).priority).toBe('WARN');
  });

  it('is the result of a step, with or without a moment', () => {
    const failed = read({ event: 'STEP_FAILED', taskId: TASK, stepId: STEP, reason: 'slipped' });
    expect(failed).toMatchObject({
      priority: 'ERROR',
      message: 'STEP_FAILED: slipped',
      detail: { taskId: TASK, stepId: STEP.toLowerCase(), reason: 'slipped' },
      step: { taskId: TASK, stepId: STEP.toLowerCase(), outcome: 'failed', reason: 'slipped' },
    });
    const done = read({ event: 'STEP_DONE', taskId: TASK, stepId: STEP, timestamp: AT });
    expect(done.step).toEqual({
      taskId: TASK,
      stepId: STEP.toLowerCase(),
      outcome: 'done',
      reason: undefined,
    });
  });

  it.each([
    ['nothing', {}, ['event']],
    ['a priority only', { priority: 'INFO' }, ['event']],
    ['nulls', { event: null, message: null }, ['event']],
    ['an event without a moment', { event: 'X' }, ['timestamp']],
    ['a step without ids', { event: 'STEP_DONE', timestamp: AT }, ['taskId', 'stepId']],
    ['a step without its own id', { event: 'STEP_FAILED', taskId: TASK }, ['stepId']],
    ['a moment before 1970', { event: 'X', timestamp: '0001-01-01T00:00:00+14:00' }, ['timestamp']],
    ['a moment after 9999', { event: 'X', timestamp: '9999-12-31T23:59:59-10:00' }, ['timestamp']],
  ])('names what is missing: %s', (_what, body, paths) => {
    expect(faults(body)).toEqual(paths);
  });

  it('never throws, and what it accepts can be stored', () => {
    const field = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('STEP_DONE', 'STEP_FAILED', AT, TASK, STEP)),
      {
        nil: undefined,
      },
    );
    const body = fc.record({
      event: field,
      timestamp: field,
      message: field,
      taskId: field,
      stepId: field,
      reason: field,
    });
    fc.assert(
      fc.property(body, (raw) => {
        const checked = validate(RobotEventBody, raw);
        if (!checked.ok) return;
        const event = readEvent(checked.value);
        if ('length' in event) {
          expect(event.length).toBeGreaterThan(0);
          return;
        }
        expect(event.message).not.toBe('');
        if (event.occurredAt !== undefined) expect(Date.parse(event.occurredAt)).toBeGreaterThanOrEqual(0);
        expect(event.step === undefined).toBe(event.event !== 'STEP_DONE' && event.event !== 'STEP_FAILED');
      }),
    );
  });
});

describe('the moment of an event', () => {
  it.each([AT, '2026-01-16T10:00:00.123456+00:00', '2026-01-16T10:00:00+05:30', '2026-01-16 10:00:00Z'])(
    'may be %s',
    (timestamp) => {
      expect(validate(RobotEventBody, { event: 'X', timestamp })).toMatchObject({ ok: true });
    },
  );

  it.each([
    '2026-01-16',
    '2026-01-16T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-01-16T10:00Z',
    '1768557600',
    '',
    'yesterday',
  ])('may not be "%s"', (timestamp) => {
    const checked = validate(RobotEventBody, { event: 'X', timestamp });
    expect(checked.ok ? [] : [...new Set(checked.errors.map(({ path }) => path))]).toEqual(['timestamp']);
  });
});
