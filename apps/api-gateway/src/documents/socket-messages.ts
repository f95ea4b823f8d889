import type { Json } from './merge-openapi';

/**
 * What clients and robots exchange over Socket.IO and raw WebSockets. NATS messages come from libs/contracts by themselves;
 * these have no declaration there but their payload classes.
 */
interface SocketMessage {
  readonly name: string;
  readonly summary: string;
  readonly payload: Json;
}

export interface SocketChannel {
  readonly id: string;
  readonly address: string;
  readonly server: 'gateway-socketio' | 'gateway-websocket';
  readonly description: string;
  readonly query?: Record<string, Json>;
  /** From us to the client, and from the client to us. */
  readonly toClient: readonly SocketMessage[];
  readonly fromClient: readonly SocketMessage[];
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const robotId: Json = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});

const FRAME: Json = {
  description:
    'Passed through unread, text or binary, in both directions; what it means is between driver and robot',
};
const LOCK_REQUEST: SocketMessage = {
  name: 'lock_request',
  summary: 'May this control token drive now? The one frame that the relay answers itself.',
  payload: object({ type: { const: 'lock_request' }, token: { type: 'string' } }),
};

export const SOCKET_CHANNELS: readonly SocketChannel[] = [
  {
    id: 'socketio.queue',
    address: '/',
    server: 'gateway-socketio',
    description:
      'Socket.IO namespace / : the queue of one robot. Connect with auth { robotId, token, userId }; then queue_update, then connection_success, then queue_update at every change (bursts coalesced, the last one always sent).',
    toClient: [
      {
        name: 'queue_update',
        summary: 'The queue as it is now; version only grows',
        payload: ref('QueueUpdate'),
      },
      {
        name: 'connection_success',
        summary: 'Once, after the first queue_update',
        payload: object({ robotId, userId: { type: 'string', format: 'uuid' }, sid: { type: 'string' } }),
      },
      {
        name: 'connect_error',
        summary: 'Refused; `data` of the error',
        payload: object(
          {
            code: {
              enum: [
                'VALIDATION_FAILED',
                'UNAUTHORIZED',
                'ROBOT_NOT_FOUND',
                'SERVICE_UNAVAILABLE',
                'RATE_LIMITED',
              ],
            },
            detail: { type: 'string' },
            errors: { type: 'array', items: ref('FieldError') },
          },
          ['code', 'detail'],
        ),
      },
    ],
    fromClient: [
      { name: 'connect', summary: 'The auth object of the handshake', payload: ref('AskAuthorizeWatcher') },
    ],
  },
  {
    id: 'ws.robot.control',
    address: '/ws/robot/control',
    server: 'gateway-websocket',
    description:
      'A robot that is driven in sessions connects out to here. With ROBOT_SOCKET_AUTH=required it needs its key (X-Api-Key or ?key=).',
    query: { robotId, key: { type: 'string' } },
    toClient: [
      { name: 'driver_frame', summary: 'A frame of the driver whose turn it is', payload: FRAME },
      {
        name: 'drive_command',
        summary: 'Stop: the driver fell silent, left, or the turn ended',
        payload: object({
          command: { const: 'DRIVE_COMMAND' },
          linear_velocity: { const: 0 },
          angular_velocity: { const: 0 },
        }),
      },
    ],
    fromClient: [{ name: 'robot_frame', summary: 'Passed to the driver', payload: FRAME }],
  },
  {
    id: 'ws.drive.session',
    address: '/ws/drive/session',
    server: 'gateway-websocket',
    description:
      'The driver whose turn it is. Closed with 4001 SESSION_ENDED when the turn ends; 30 s without a frame end it as inactive.',
    query: { robotId, token: { type: 'string', description: 'The control_token' } },
    toClient: [
      { name: 'robot_frame', summary: 'A frame of the robot', payload: FRAME },
      {
        name: 'lock_answer',
        summary: 'The answer to lock_request',
        payload: object({ type: { enum: ['lock_granted', 'busy'] } }),
      },
    ],
    fromClient: [{ name: 'driver_frame', summary: 'Passed to the robot', payload: FRAME }, LOCK_REQUEST],
  },
];
