import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimCamera } from '../sim-camera';

const BOUNDARY = 'frame';
const MAX_UNSENT = 4 * 1024 * 1024;

/** `/<name>.mjpg`, `/<name>.mp4`, `/<name>.jpg`, `/<name>/hls/index.m3u8`, and `PUT /<name>/state` with live, dead or frozen. */
export async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  find: (name: string) => SimCamera | undefined,
): Promise<void> {
  const [, name = '', form = '', piece = ''] =
    /^\/([\w-]+)[./](\w+)(?:\/([\w.]+))?$/.exec(request.url ?? '') ?? [];
  const camera = find(name);
  if (camera === undefined) return void response.writeHead(404).end();
  if (form === 'state' && request.method === 'PUT') return changeState(request, response, camera);
  if (camera.state === 'dead') return void request.socket.destroy();
  if (!admitted(request, camera)) {
    return void response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
  }
  camera.connections.add(request.socket);
  response.once('close', () => camera.connections.delete(request.socket));
  if (form === 'mjpg') return mjpeg(response, camera);
  if (form === 'mp4') return sendFile(response, 'video/mp4', await camera.loop.mp4());
  if (form === 'jpg') return sendFile(response, 'image/jpeg', camera.loop.jpegs[0]!);
  if (form === 'hls') return hls(response, camera, piece);
  response.writeHead(404).end();
}

function admitted(request: IncomingMessage, { options: { credentials } }: SimCamera): boolean {
  if (credentials === undefined) return true;
  return request.headers.authorization === `Basic ${Buffer.from(credentials).toString('base64')}`;
}

async function hls(response: ServerResponse, camera: SimCamera, piece: string): Promise<void> {
  const content = (await camera.loop.hls()).get(piece);
  if (content === undefined) return void response.writeHead(404).end();
  const type = piece.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp2t';
  sendFile(response, type, content);
}

function mjpeg(response: ServerResponse, camera: SimCamera): void {
  response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}` });
  response.flushHeaders();
  const stop = camera.onFrame('jpeg', (jpeg) => {
    if (response.writableLength > MAX_UNSENT) return;
    response.write(`--${BOUNDARY}\r\ncontent-type: image/jpeg\r\ncontent-length: ${jpeg.length}\r\n\r\n`);
    response.write(jpeg);
    response.write('\r\n');
  });
  response.once('close', stop);
}

export function sendFile(response: ServerResponse, type: string, content: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': content.length });
  response.end(content);
}

async function changeState(
  request: IncomingMessage,
  response: ServerResponse,
  camera: SimCamera,
): Promise<void> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  const wanted = text.trim();
  if (wanted === 'dead') camera.die();
  else if (wanted === 'frozen') camera.freeze();
  else if (wanted === 'live') camera.revive();
  else return void response.writeHead(400).end('live, dead or frozen\n');
  response.end(`${camera.state}\n`);
}
