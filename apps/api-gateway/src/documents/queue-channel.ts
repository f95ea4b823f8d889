import { connectError, object, ref, robotId, text, uuid } from './schema-parts';
import type { SocketChannel } from './socket-messages';

export const QUEUE_CHANNEL: SocketChannel = {
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
      payload: object({ robotId, userId: uuid, sid: text }),
    },
    { name: 'connect_error', summary: 'Refused; `data` of the error', payload: connectError },
  ],
  fromClient: [
    { name: 'connect', summary: 'The auth object of the handshake', payload: ref('AskAuthorizeWatcher') },
  ],
};
