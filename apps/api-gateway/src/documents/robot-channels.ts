import type { Json } from './merge-openapi';
import { MANUAL_COMMANDS, ROBOT_ACK, ROBOT_COMMANDS } from './robot-frames';
import { connectError, object, ref, robotId, text } from './schema-parts';
import type { SocketChannel, SocketMessage } from './socket-messages';

const FRAME: Json = {
  description:
    'Passed through unread, text or binary, in both directions; what it means is between driver and robot',
};
const LOCK_REQUEST: SocketMessage = {
  name: 'lock_request',
  summary: 'May this control token drive now? The one frame that the relay answers itself.',
  payload: object({ type: { const: 'lock_request' }, token: text }),
};
const token: Json = { type: 'string', description: 'A JWT of any role' };
const oneOrAll: Json = { ...robotId, description: 'Absent: all robots' };
const typed = (type: string, schema: string): Json => ({
  allOf: [object({ type: { const: type } }), ref(schema)],
});
const acknowledged = 'Acknowledged with { ok: true }, or { ok: false, code, detail, errors? }.';

export const ROBOT_CHANNELS: readonly SocketChannel[] = [
  {
    id: 'socketio.robots',
    address: '/robots',
    server: 'gateway-socketio',
    description:
      'Socket.IO namespace /robots: one robot, or all. Connect with auth { token, robotId? }; then status_update of each robot at once and at every change (at most 10 a second a robot), and robot_notification.',
    toClient: [
      {
        name: 'status_update',
        summary: 'The robot as it is now, further telemetry fields beside the known; version only grows',
        payload: ref('RobotStatusUpdate'),
      },
      {
        name: 'robot_notification',
        summary: 'Something a person should know',
        payload: ref('RobotNotification'),
      },
      {
        name: 'unauthorized',
        summary: 'The token has expired; the namespace is left right after this',
        payload: object({ code: { const: 'UNAUTHORIZED' }, detail: text }),
      },
      { name: 'connect_error', summary: 'Refused; `data` of the error', payload: connectError },
    ],
    fromClient: [
      { name: 'connect', summary: 'The auth object of the handshake', payload: ref('RobotWatchAuth') },
      {
        name: 'subscribe',
        summary: `Another robot, or all: its state follows at once. ${acknowledged}`,
        payload: ref('RobotScope'),
      },
      {
        name: 'unsubscribe',
        summary: `No longer this robot, or all. ${acknowledged}`,
        payload: ref('RobotScope'),
      },
    ],
  },
  {
    id: 'ws.robot.events',
    address: '/ws/robot/events',
    server: 'gateway-websocket',
    description:
      'The same as the namespace /robots over a plain WebSocket; `type` names the event. Closed with 1008 TOKEN_EXPIRED.',
    query: { token, robotId: oneOrAll },
    toClient: [
      {
        name: 'status_update',
        summary: 'At once for each robot, then at every change',
        payload: typed('status_update', 'RobotStatusUpdate'),
      },
      {
        name: 'robot_notification',
        summary: 'Something a person should know',
        payload: typed('robot_notification', 'RobotNotification'),
      },
    ],
    fromClient: [],
  },
  {
    id: 'ws.robot.control',
    address: '/ws/robot/control',
    server: 'gateway-websocket',
    description:
      'Robots connect out to here and hear commands. With ROBOT_SOCKET_AUTH=required they need their key (X-Api-Key or ?key=). A newer socket of the same robot replaces the older one: 4002 REPLACED.',
    query: {
      robotId: { ...robotId, description: 'Absent: the default robot (or X-Robot-Id)' },
      key: text,
      lease: { const: 'announce', description: 'The robot acknowledges commands and is told of leases' },
    },
    toClient: [
      ...ROBOT_COMMANDS,
      { name: 'driver_frame', summary: 'A frame of the driver whose turn it is', payload: FRAME },
    ],
    fromClient: [
      ROBOT_ACK,
      {
        name: 'event',
        summary: 'As POST /table/event takes it; STEP_DONE and STEP_FAILED with taskId and stepId',
        payload: ref('RobotEventBody'),
      },
      { name: 'robot_frame', summary: 'Anything else: passed to the driver', payload: FRAME },
    ],
  },
  {
    id: 'ws.drive.manual',
    address: '/ws/drive/manual',
    server: 'gateway-websocket',
    description:
      'Manual drive by who holds the lock (POST /drive/lock), and by Admins. Nothing is sent back; commands that are not allowed are dropped. Closed with 1008 TOKEN_EXPIRED.',
    query: { token, robotId: { ...robotId, description: 'Absent: the default robot' } },
    toClient: [],
    fromClient: MANUAL_COMMANDS,
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
