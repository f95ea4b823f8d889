import { DEFAULT_MAP } from '../map/default-map';
import { RoadMap } from '../map/robot-map';
import { ALL_CAPABILITIES } from '../options';
import { Brain, type BrainOptions } from './brain';
import type { TeachFrame } from '../teaching/wishes';
import type { Ack, BrainEvent } from './brain-ports';

const TICK_MS = 20;

/** A brain, all that it said, and time that passes when it is told to. */
export function setup(options: Partial<BrainOptions> = {}) {
  const acks: Ack[] = [];
  const events: BrainEvent[] = [];
  const taught: TeachFrame[] = [];
  let changes = 0;
  let now = 0;
  let seq = 0;
  const brain = new Brain(
    {
      map: new RoadMap(DEFAULT_MAP),
      home: 'Home',
      speed: 1,
      turnRate: Math.PI,
      maxLinear: 1.5,
      maxAngular: 2,
      deadmanMs: 1_000,
      manualIdleMs: 30_000,
      capabilities: ALL_CAPABILITIES,
      logCapacity: 100,
      teachMs: 20,
      lesson: [],
      date: () => new Date(0),
      ...options,
    },
    {
      ack: (frame) => acks.push(frame),
      event: (body) => events.push(body),
      taught: (frame) => taught.push(frame),
      changed: () => (changes += 1),
    },
  );
  return {
    brain,
    acks,
    events,
    taught,
    changes: () => changes,
    now: () => now,
    /** A frame as it is. */
    frame: (frame: object) => brain.receive(JSON.stringify(frame), now),
    /** A command under an epoch, with a seq of its own. */
    say: (frame: object, epoch = 1) =>
      brain.receive(JSON.stringify({ ...frame, lease: { epoch, seq: (seq += 1) } }), now),
    pass(seconds: number) {
      for (const until = now + seconds * 1_000; now < until;) {
        now += TICK_MS;
        brain.tick(now, TICK_MS / 1_000);
      }
    },
  };
}

export const navigate = (id: string, start = 'Home', destination = 'Kitchen') => ({
  command: 'NAVIGATE',
  id,
  start,
  destination,
});

export const drive = (linear: number, angular = 0) => ({
  command: 'DRIVE_COMMAND',
  linear_velocity: linear,
  angular_velocity: angular,
});

export const step = (id: string, type: string, payload: object, extra: object = {}) => ({
  command: 'EXECUTE_STEP',
  id,
  taskId: 't',
  stepId: `s-${id}`,
  step: { type, payload, ...(type === 'moveToPoint' ? {} : { requiredTimeSeconds: 2 }) },
  timeoutSeconds: 60,
  ...extra,
});
