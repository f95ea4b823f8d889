import type { Json } from './merge-openapi';
import { object, uuid } from './schema-parts';
import type { SocketChannel, SocketMessage } from './socket-messages';

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

/** Kiosks and phones. */
export const PAIRING_CHANNELS: readonly SocketChannel[] = [
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
