import { pathOf, PathTable } from './match-path';
import { HTTP_ROUTES, SOCKET_ROUTES } from './route-table';

const http = new PathTable(HTTP_ROUTES);
const sockets = new PathTable(SOCKET_ROUTES);
const owner = (path: string) => http.find(path)?.to;

describe('the routing table', () => {
  it.each([
    ['/queue/join', 'queue-service'],
    ['/queue/arm1', 'queue-service'],
    ['/robots/status', 'queue-service'],
    ['/get_live_paused_status', 'queue-service'],
    ['/use_robot', 'queue-service'],
    ['/session_url_decrypt_key', 'queue-service'],
    ['/robot/disconnect', 'queue-service'],
    ['/robot/free', 'queue-service'],
    ['/user/control_history', 'queue-service'],
    ['/fetch_tele_op_session_complete_status', 'queue-service'],
    ['/tele_op/leaderboard/update', 'queue-service'],
    ['/auth/token', 'queue-service'],
    ['/vision/dolls_compare', 'vision-service'],
    ['/api/v1/recognition/scan', 'recognition-service'],
    ['/api/v1/embeddings/x', 'recognition-service'],
    ['/api/v1/cameras/x', 'recognition-service'],
    ['/uploads/evidence/a/b.jpg', 'recognition-service'],
    ['/status', 'robot-gateway'],
    ['/table/register', 'robot-gateway'],
    ['/table/state', 'robot-gateway'],
    ['/table/event', 'robot-gateway'],
    ['/nodes', 'robot-gateway'],
    ['/routes', 'robot-gateway'],
    ['/routes/7', 'robot-gateway'],
    ['/routes/optimize', 'robot-gateway'],
    ['/routes/select', 'robot-gateway'],
    ['/drive/lock', 'robot-gateway'],
    ['/robot/check', 'robot-gateway'],
    ['/api/v1/robots', 'robot-gateway'],
    ['/api/v1/robots/r1/tasks', 'robot-gateway'],
    ['/api/v1/robots/r1/events', 'robot-gateway'],
    ['/api/v1/robots/map', 'robot-gateway'],
    ['/api/v1/traffic', 'robot-gateway'],
    ['/api/v1/traffic/locks', 'robot-gateway'],
    ['/api/v1/tasks', 'robot-gateway'],
    ['/api/v1/tasks/1/cancel', 'robot-gateway'],
    ['/pair/code', 'pairing-service'],
    ['/api/v1/devices', 'pairing-service'],
    ['/api/v1/teach/missions', 'teach-service'],
  ])('sends %s to %s', (path, to) => expect(owner(path)).toBe(to));

  it.each([
    '/',
    '/queue',
    '/queues/x',
    '/robots/status/x',
    '/robots',
    '/robot/other',
    '/status/x',
    '/nodes/1',
    '/routesx',
    '/api/v1/robotsx',
    '/api/v1/teach',
    '/ws/robot/control',
    '//queue/join',
    '/QUEUE/join',
    '/queue%2Fjoin',
    '/__proto__/x',
  ])('knows no owner of %s', (path) => expect(owner(path)).toBeUndefined());

  it('treats a trailing slash below a prefix as a path of the owner', () => {
    expect(owner('/queue/')).toBe('queue-service');
  });

  it.each([
    ['/ws/robot/control', 'robot-gateway'],
    ['/ws/robot/events', 'robot-gateway'],
    ['/ws/drive/manual', 'robot-gateway'],
    ['/ws/drive/session', 'robot-gateway'],
    ['/ws/device/d1', 'pairing-service'],
    ['/ws/app', 'pairing-service'],
  ])('sends the socket %s to %s', (path, to) => expect(sockets.find(path)?.to).toBe(to));

  it('opens no socket on another path', () => {
    for (const path of ['/ws/robot', '/ws/app/x', '/ws', '/socket.io/', '/queue/join']) {
      expect(sockets.find(path)).toBeUndefined();
    }
  });

  it('refuses two rows that own the same path', () => {
    const rows = [
      { path: '/a*', to: 'x' },
      { path: '/a/*', to: 'y' },
    ] as const;
    expect(() => new PathTable(rows)).toThrow('two routes own /a/*');
  });

  it('reads the path of a target without its query', () => {
    expect(pathOf('/queue/arm1?x=/y#z')).toBe('/queue/arm1');
    expect(pathOf(undefined)).toBe('/');
  });
});
