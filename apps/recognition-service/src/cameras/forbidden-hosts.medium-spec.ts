import { createServer, type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { CameraServer } from '@teleop/sim-cameras';
import { room } from '../testing/room.spec-support';
import { setupRecognition, type Recognition } from '../testing/service.spec-support';

/** Allowed, and not: both are this machine. */
const CAMERA = '127.0.0.1';
const FORBIDDEN = '127.0.0.2';

describe('a camera that is allowed', () => {
  let s: Recognition;
  let cameras: CameraServer;
  let canary: net.Server;
  let reached: number;
  const servers: net.Server[] = [];
  const sockets = new Set<Socket>();
  const portOf = (server: net.Server) => (server.address() as AddressInfo).port;
  const listen = async <S extends net.Server>(server: S, host: string): Promise<S> => {
    servers.push(server);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return server;
  };
  const serve = (answer: RequestListener): Promise<Server> => listen(createServer(answer), CAMERA);
  const elsewhere = () => `http://${FORBIDDEN}:${portOf(canary)}/x`;
  const capture = (url: string) =>
    s.call('GET', `/api/v1/cameras/capture-frame?timeout=8&rtspUrl=${encodeURIComponent(url)}`);

  beforeAll(async () => {
    cameras = new CameraServer({ cameras: [{ name: 'door', scene: await room([0]), fps: 10 }] });
    [s] = await Promise.all([setupRecognition({ env: { CAMERA_HOSTS: CAMERA } }), cameras.start()]);
    canary = await listen(
      net.createServer((socket) => {
        reached += 1;
        socket.destroy();
      }),
      FORBIDDEN,
    );
  });
  beforeEach(() => {
    reached = 0;
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('is seen by all the ways there are', async () => {
    for (const url of [
      cameras.rtspUrl('door'),
      cameras.httpUrl('door'),
      cameras.httpUrl('door', 'mp4'),
      cameras.httpUrl('door', 'hls'),
    ]) {
      expect((await capture(url)).status).toBe(200);
    }
  });

  it('cannot send ffmpeg elsewhere once it has answered us', async () => {
    let asked = 0;
    const server = await serve((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace' }).end();
      else response.writeHead(302, { location: elsewhere() }).end();
    });
    const { body } = await capture(`http://${CAMERA}:${portOf(server)}/x`);
    expect(body).toMatchObject({ status: 422, code: 'CAMERA_UNREACHABLE' });
    expect(body.message).toContain('not allowed');
    expect([asked, reached]).toEqual([2, 0]);
  });

  it('cannot by the pieces of a playlist, encrypted ones included', async () => {
    for (const url of [elsewhere(), elsewhere().replace('http:', 'https:')]) {
      const server = await serve((_, response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' });
        response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`);
      });
      expect((await capture(`http://${CAMERA}:${portOf(server)}/x.m3u8`)).status).toBe(422);
    }
    expect(reached).toBe(0);
  });

  it('cannot by a redirect of RTSP', async () => {
    let asked = '';
    const server = await listen(
      net.createServer((socket) => {
        socket.on('data', (chunk) => {
          asked += chunk.toString();
          const cseq = /CSeq: (\d+)/.exec(chunk.toString())?.[1] ?? '1';
          const to = `rtsp://${FORBIDDEN}:${portOf(canary)}/x`;
          if (/^OPTIONS/.test(chunk.toString())) {
            socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nPublic: DESCRIBE\r\n\r\n`);
          } else socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${cseq}\r\nLocation: ${to}\r\n\r\n`);
        });
      }),
      CAMERA,
    );
    expect((await capture(`rtsp://${CAMERA}:${portOf(server)}/x`)).status).toBe(422);
    expect(asked).toContain('DESCRIBE');
    expect(reached).toBe(0);
  });
});
