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

const uuid: Json = { type: 'string', format: 'uuid' };
const PAIR_MESSAGE: SocketMessage = {
  name: 'session_message',
  summary: 'A signed message, passed on byte for byte; seq counts each side’s own messages from 1',
  payload: object({
    type: { const: 'session_message' },
    envelope: object({
      session_id: uuid,
      seq: { type: 'integer', minimum: 1 },
      timestamp: { type: 'number' },
      payload: { type: 'object' },
      hmac: {
        type: 'string',
        pattern: '^[0-9a-fA-F]{64}$',
        description:
          'HMAC-SHA256 by the session key over session_id + seq + timestamp + canonical(payload): keys sorted, no white space, numbers as spelled',
      },
    }),
  }),
};
const PAIR_HEARTBEAT: SocketMessage = {
  name: 'heartbeat',
  summary: 'Passed to the other side; 90 s of silence count as a disconnect',
  payload: object({ type: { const: 'heartbeat' } }),
};
const PAIR_END: SocketMessage = {
  name: 'end_session',
  summary: 'Ends the session of both sides; reason is manual when none is given',
  payload: object({ type: { const: 'end_session' }, reason: { type: 'string', maxLength: 128 } }, ['type']),
};
const PAIR_HARDWARE: SocketMessage = {
  name: 'hardware_register_result',
  summary: 'What the admin API said; to the device, and to the app while there is a session',
  payload: object({
    type: { const: 'hardware_register_result' },
    ok: { type: 'boolean' },
    status: { type: 'integer' },
    data: {},
  }),
};
const PAIR_TO_CLIENT: readonly SocketMessage[] = [
  {
    name: 'session_activated',
    summary: 'A session begins; session_key is standard base64 of 32 bytes',
    payload: object({
      type: { const: 'session_activated' },
      session_id: uuid,
      session_key: { type: 'string' },
    }),
  },
  PAIR_MESSAGE,
  PAIR_HEARTBEAT,
  PAIR_END,
  PAIR_HARDWARE,
  {
    name: 'error',
    summary: 'A message was not passed on and used up no number; ten in a row close the socket (4008)',
    payload: object({
      type: { const: 'error' },
      code: { enum: ['HMAC_INVALID', 'SEQ_MISMATCH', 'NO_SESSION', 'MALFORMED'] },
      expected_seq: { type: 'integer', minimum: 1 },
    }),
  },
];
const RESUME: Record<string, Json> = {
  session_id: uuid,
  resume: {
    type: 'string',
    description:
      'To come back within SESSION_RESUME_GRACE_S: HMAC-SHA256 (hex) by the session key over session_id + the last seq received',
  },
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
  {
    id: 'ws.device',
    address: '/ws/device/{deviceId}',
    server: 'gateway-websocket',
    description:
      'A kiosk. Needs its pairing token (?token= or bearer) unless PAIRING_OPEN_DEVICE_SOCKET is on. Frames up to 8 MiB. Closed with 1013 (reads too slowly), 4002 (a newer socket of the device), 4003 (device removed), 4008, 4010 (silent).',
    query: { token: { type: 'string' }, ...RESUME },
    toClient: PAIR_TO_CLIENT,
    fromClient: [
      PAIR_MESSAGE,
      PAIR_HEARTBEAT,
      PAIR_END,
      {
        name: 'hardware_register',
        summary: 'Passed to the admin API',
        payload: object({
          type: { const: 'hardware_register' },
          platform_id: { type: 'string' },
          image_base64: { type: 'string' },
        }),
      },
    ],
  },
  {
    id: 'ws.app',
    address: '/ws/app',
    server: 'gateway-websocket',
    description: 'A phone that has read a kiosk’s QR code. 401 for a pairing token that is not good now.',
    query: { token: { type: 'string' }, ...RESUME },
    toClient: [
      {
        name: 'connection_established',
        summary: 'At once; app_connection_id goes into POST /pair/claim',
        payload: object({ type: { const: 'connection_established' }, app_connection_id: uuid }),
      },
      ...PAIR_TO_CLIENT,
    ],
    fromClient: [PAIR_MESSAGE, PAIR_HEARTBEAT, PAIR_END],
  },
];
