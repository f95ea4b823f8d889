import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What stands in front of replicas in a cluster: a connection goes to one of them, in turn, and dies with it. A replica
 * that does not answer is left out.
 */
export async function balancer(targets: () => readonly string[]) {
  let turn = 0;
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    return socket;
  };
  const join = (near: Socket, left: readonly string[]) => {
    const [target, ...others] = left;
    if (target === undefined) {
      near.destroy();
      return;
    }
    const far = track(connect(Number(new URL(target).port), '127.0.0.1'));
    let joined = false;
    far.on('connect', () => {
      joined = true;
      near.pipe(far).pipe(near);
      near.on('close', () => far.destroy());
    });
    far.on('close', () => (joined ? near.destroy() : join(near, others)));
  };
  const server = createServer((near) => {
    track(near);
    const all = targets();
    turn += 1;
    join(near, [
      ...all.slice(turn % Math.max(1, all.length)),
      ...all.slice(0, turn % Math.max(1, all.length)),
    ]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
