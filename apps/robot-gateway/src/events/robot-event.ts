import type { EventPriority, RobotEventBody } from '@teleop/contracts';

/** What a robot reported, with what it left out filled in. */
export interface RobotEvent {
  readonly event: string | null;
  readonly priority: EventPriority;
  readonly message: string;
  /** The step it tells of; part of what makes it the same event when it comes again. */
  readonly detail: Readonly<Record<string, string>>;
  /** RFC 3339 as the robot wrote it; undefined: it did not say. */
  readonly occurredAt: string | undefined;
  /** The result of a step of a task, when it is one. */
  readonly step: StepOutcome | undefined;
}

export interface StepOutcome {
  readonly taskId: string;
  readonly stepId: string;
  readonly outcome: 'done' | 'failed';
  readonly reason: string | undefined;
}

interface FieldFault {
  readonly path: string;
  readonly message: string;
}

const STEP_OUTCOMES: ReadonlyMap<string, StepOutcome['outcome']> = new Map([
  ['STEP_DONE', 'done'],
  ['STEP_FAILED', 'failed'],
]);

/** Parts of names that say something is wrong, e.g. NAVIGATION_FAILED. Firmware has no list of its names. */
const PRIORITIES_BY_WORD: readonly (readonly [word: string, priority: EventPriority])[] = [
  ['ERROR', 'ERROR'],
  ['FAIL', 'ERROR'],
  ['COLLISION', 'ERROR'],
  ['EMERGENCY', 'ERROR'],
];

function priorityOf(event: string): EventPriority {
  const name = event.toUpperCase();
  return PRIORITIES_BY_WORD.find(([word]) => name.includes(word))?.[1] ?? 'INFO';
}

/** The texts that are there: a field that is null is as good as not given. */
function given(body: RobotEventBody): Given {
  const { event, message, timestamp, reason } = body;
  const [taskId, stepId] = [body.taskId?.toLowerCase(), body.stepId?.toLowerCase()];
  const texts = Object.entries({ event, message, timestamp, reason, taskId, stepId });
  return Object.fromEntries(texts.filter(([, text]) => typeof text === 'string'));
}

type Given = Partial<Record<'event' | 'message' | 'timestamp' | 'reason' | 'taskId' | 'stepId', string>>;

/**
 * Reads a body whose fields are each good by themselves: `{ event, timestamp }`, `{ priority, message }`, or the result
 * of a step. Faults name the fields that are missing.
 */
export function readEvent(body: RobotEventBody): RobotEvent | readonly FieldFault[] {
  const fields = given(body);
  const { event, timestamp, message, ...detail } = fields;
  const outcome = STEP_OUTCOMES.get(event ?? '');
  const faults = faultsOf(fields, outcome !== undefined);
  if (faults.length > 0) return faults;
  const { taskId, stepId, reason } = detail;
  const isStep = outcome !== undefined && taskId !== undefined && stepId !== undefined;
  return {
    event: event ?? null,
    priority: body.priority ?? (event === undefined ? 'INFO' : priorityOf(event)),
    message: message ?? [event, reason].filter(Boolean).join(': '),
    detail,
    occurredAt: timestamp,
    step: isStep ? { taskId, stepId, outcome, reason } : undefined,
  };
}

function faultsOf({ event, message, timestamp, taskId, stepId }: Given, isStep: boolean): FieldFault[] {
  const faults: FieldFault[] = [];
  const needs = (path: string, there: boolean, why: string) => {
    if (!there) faults.push({ path, message: `${path} ${why}` });
  };
  needs('event', event !== undefined || message !== undefined, 'or message must be given');
  if (isStep) {
    needs('taskId', taskId !== undefined, `must be given with ${event}`);
    needs('stepId', stepId !== undefined, `must be given with ${event}`);
  } else if (event !== undefined) needs('timestamp', timestamp !== undefined, 'must be given with event');
  if (timestamp !== undefined)
    needs('timestamp', isStorableTime(timestamp), 'must be a moment of the years 1970 to 9999');
  return faults;
}

/** A robot that was never told the time counts from 1970. */
function isStorableTime(text: string): boolean {
  const ms = Date.parse(text);
  return ms >= 0 && new Date(ms).getUTCFullYear() <= 9_999;
}
