import type { Json } from './merge-openapi';
import { object, text, uuid } from './schema-parts';
import type { SocketMessage } from './socket-messages';

/** Who may command: epochs only grow, sequence numbers only grow within one. A robot refuses what is older than it has seen. */
const lease: Json = object({
  epoch: { type: 'integer', minimum: 0 },
  seq: { type: 'integer', minimum: 0, description: 'Clock-like: gaps are normal' },
});
const id: Json = { ...uuid, description: 'Names this command: executed once, however often it comes' };
const nodes: Json = { type: 'array', items: text, description: 'Nodes to drive through, the start first' };

const command = (name: string, fields: Json, optional: Json = {}): Json =>
  object({ command: { const: name }, ...fields, ...optional }, ['command', ...Object.keys(fields)]);

const navigate = { start: text, destination: text };
const drive = {
  linear_velocity: { type: 'number', description: 'm/s, clamped to the robot’s limits' },
  angular_velocity: { type: 'number', description: 'rad/s, clamped to the robot’s limits' },
};

/** What a manual driver may send; everything else is dropped without a word, and counted. */
export const MANUAL_COMMANDS: readonly SocketMessage[] = [
  {
    name: 'NAVIGATE',
    summary: 'Admins only; ends an Operator’s lock and puts the running route back to the front of the queue',
    payload: command('NAVIGATE', navigate),
  },
  { name: 'CANCEL', summary: 'Admins only', payload: command('CANCEL', {}) },
  { name: 'SET_MODE', summary: 'By who holds the lock', payload: command('SET_MODE', { mode: text }) },
  {
    name: 'DRIVE_COMMAND',
    summary: 'By who holds the lock; the robot is stopped when none comes for DRIVE_DEADMAN_MS',
    payload: command('DRIVE_COMMAND', drive),
  },
];

/** What a robot hears. `id`, `path` and `lease` are additions to the original protocol: unknown fields are to be ignored. */
export const ROBOT_COMMANDS: readonly SocketMessage[] = [
  {
    name: 'NAVIGATE',
    summary: 'Drive there; `path` when the map knows both ends',
    payload: command('NAVIGATE', navigate, { id, path: nodes, lease }),
  },
  {
    name: 'CANCEL',
    summary: 'Give up what is being done',
    payload: command('CANCEL', {}, { id, taskId: uuid, lease }),
  },
  {
    name: 'SET_MODE',
    summary: 'MANUAL or IDLE',
    payload: command('SET_MODE', { mode: text }, { lease }),
  },
  {
    name: 'DRIVE_COMMAND',
    summary: 'Velocities of a manual driver; 0/0 when he fell silent, left, or lost the lock',
    payload: command('DRIVE_COMMAND', drive, { lease }),
  },
  {
    name: 'EXECUTE_STEP',
    summary: 'One step of a mission; its end is told as the event STEP_DONE or STEP_FAILED',
    payload: command(
      'EXECUTE_STEP',
      {
        id,
        taskId: uuid,
        stepId: uuid,
        step: object(
          {
            type: { enum: ['moveToPoint', 'grip', 'rotate', 'telescope', 'hoist', 'wait'] },
            payload: { type: 'object' },
            requiredTimeSeconds: { type: 'number', minimum: 0 },
          },
          ['type', 'payload'],
        ),
        timeoutSeconds: { type: 'number', exclusiveMinimum: 0 },
        lease,
      },
      { path: nodes },
    ),
  },
  {
    name: 'lease',
    summary: 'Who may command has changed; only for robots that connected with lease=announce',
    payload: object({ type: { const: 'lease' }, lease, state: { enum: ['granted', 'ended'] } }),
  },
];

export const ROBOT_ACK: SocketMessage = {
  name: 'ack',
  summary: 'At once for NAVIGATE, CANCEL and EXECUTE_STEP that carry an id',
  payload: object({ type: { const: 'ack' }, id: uuid, accepted: { type: 'boolean' }, reason: text }, [
    'type',
    'id',
    'accepted',
  ]),
};
