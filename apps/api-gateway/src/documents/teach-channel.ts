import { connectError, object, ref, text } from './schema-parts';
import type { SocketChannel } from './socket-messages';

const acknowledged = 'Acknowledged with { ok: true }, or { ok: false, code, detail, errors? }.';

export const TEACH_CHANNEL: SocketChannel = {
  id: 'socketio.teach',
  address: '/teach',
  server: 'gateway-socketio',
  description:
    'Socket.IO namespace /teach: what changes in teach-service, of one robot or of all. Connect with auth { token, robotId? }. What is about no robot goes to everybody. Who connects or subscribes is told what goes on (recordings, their locks, executions that are not over) by the same events.',
  toClient: [
    {
      name: 'teach.session.updated',
      summary: 'A teach session was created, began, ended or failed',
      payload: ref('TeachSessionUpdated'),
    },
    {
      name: 'teach.sample.received',
      summary: 'What a robot that is being taught said of its state',
      payload: ref('TeachSampleReceived'),
    },
    {
      name: 'teach.mission.updated',
      summary: 'A mission was created, changed, published or archived',
      payload: ref('TeachMissionUpdated'),
    },
    {
      name: 'teach.lock.updated',
      summary: 'A teach session got its lock, another scope for it, or has it no more',
      payload: ref('TeachLockUpdated'),
    },
    {
      name: 'teach.execution.updated',
      summary: 'An execution was queued, went a step on, was paused or ended',
      payload: ref('TeachExecutionUpdated'),
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
    { name: 'subscribe', summary: `Another robot, or all. ${acknowledged}`, payload: ref('RobotScope') },
    {
      name: 'unsubscribe',
      summary: `No longer this robot, or all. ${acknowledged}`,
      payload: ref('RobotScope'),
    },
  ],
};
