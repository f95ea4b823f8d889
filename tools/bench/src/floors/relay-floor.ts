import http from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { serve } from '../workers/serve';
import { listen } from './listen';

/* The least that relays: two maps of sockets by robot, each frame sent on as it came. No rights, lease, limits or counters. */

const server = http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
const robots = new Map<string, WebSocket>();
const drivers = new Map<string, WebSocket>();

sockets.on('connection', (socket, req) => {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://floor');
  const robotId = searchParams.get('robotId') ?? '';
  const robot = pathname === '/ws/robot/control';
  (robot ? robots : drivers).set(robotId, socket);
  const others = robot ? drivers : robots;
  socket.on('message', (data: Buffer, binary) => others.get(robotId)?.send(data, { binary }));
});

serve({ listen: () => listen(server) });
