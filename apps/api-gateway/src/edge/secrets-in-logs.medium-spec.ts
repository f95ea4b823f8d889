import { Opened, send } from '../testing/http.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());

const SECRETS = ['T0KEN-SECRET', 'K3Y-SECRET', 'B3ARER-SECRET'];
const query = `token=${SECRETS[0]}&robotId=table1&key=${SECRETS[1]}`;
const headers = { authorization: `Bearer ${SECRETS[2]}`, 'x-api-key': `${SECRETS[1]}` };
const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

describe('a secret in an address', () => {
  it.each([
    ['of a request that is passed on', {}, '/status', {}],
    ['of one that its service refuses', {}, '/api/v1/robots', {}],
    ['of a WebSocket asked for without a handshake', {}, '/ws/drive/manual', {}],
    ['of a WebSocket that the service refuses', {}, '/ws/drive/manual', handshake],
    [
      'of a WebSocket whose service is away',
      { ROBOT_GATEWAY_URL: 'http://127.0.0.1:1' },
      '/ws/robot/events',
      handshake,
    ],
    ['of a WebSocket that is nobody’s', {}, '/ws/nobody', handshake],
    ['of a request whose service is away', { ROBOT_GATEWAY_URL: 'http://127.0.0.1:1' }, '/nodes', {}],
    ['of a Socket.IO handshake', {}, '/socket.io/', {}],
    ['of a path that is nobody’s', {}, '/nobody', {}],
  ])('%s gets into no log and no answer of ours', async (_, env, path, more) => {
    const { gateway, upstream } = await opened.proxied(
      (req, res) => {
        res.statusCode = req.url?.startsWith('/status') ? 200 : 403;
        res.end('{}');
      },
      { LOG_REQUESTS: 'all', ...env },
    );
    upstream.server.on('upgrade', (_req, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'));
    const answer = await send(gateway, `${path}?${query}`, { headers: { ...headers, ...more } });
    await gateway.close();
    // Plain requests are logged, with their address; handshakes are not.
    if (!('upgrade' in more) && path !== '/socket.io/')
      expect(gateway.lines.join('')).toContain('token=[redacted]&robotId=table1&key=[redacted]');
    for (const secret of SECRETS) {
      expect(gateway.lines.join('')).not.toContain(secret);
      expect(answer.text).not.toContain(secret);
    }
  });
});
