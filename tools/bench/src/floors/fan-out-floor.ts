import http from 'node:http';
import { connect } from '@nats-io/transport-node';
import { eventFilter, queueChanged, queueSnapshot, type QueueChanged } from '@teleop/contracts';
import { WebSocketServer } from 'ws';
import { serve } from '../workers/serve';
import { listen } from './listen';

/*
 * The least that tells watchers of a queue: hears the same announcement, asks for the same snapshot, encodes it once, sends
 * it to every socket. No rooms, rights, versions, coalescing or limits.
 */

const server = http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

async function fanOut(): Promise<void> {
  const nats = await connect({ servers: process.env['NATS_URL'] });
  nats.subscribe(eventFilter(queueChanged), {
    callback: (_error, message) => {
      const { robotId } = message.json<QueueChanged>();
      if (robotId !== process.env['ROBOT_ID'] || sockets.clients.size === 0) return;
      void nats
        .request(queueSnapshot.subject, JSON.stringify({ robotId }), { timeout: 5_000 })
        .then((reply) => {
          const { ok } = reply.json<{ ok: object }>();
          const encoded = Buffer.from(JSON.stringify(['queue_update', ok]));
          for (const socket of sockets.clients) socket.send(encoded, { binary: false });
        });
    },
  });
}

serve({
  listen: async () => {
    await fanOut();
    return listen(server);
  },
});
