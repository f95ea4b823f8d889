import type { Socket } from 'node:net';
import type { SimCamera } from '../sim-camera';
import { parameterSets } from './annex-b';
import { RtpSender } from './rtp';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
}

const SESSION = 'sim-camera';
/** Unsent bytes at which frames are left out: a reader that does not keep up gets newer ones later. */
const MAX_UNSENT = 4 * 1024 * 1024;

/** One client of an RTSP server (RFC 2326), over TCP alone: video interleaved with the requests. */
export class RtspConnection {
  #received = '';
  #camera: SimCamera | undefined;
  #stopPlaying: () => void = () => undefined;

  constructor(
    private readonly socket: Socket,
    private readonly find: (name: string) => SimCamera | undefined,
  ) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.received(text));
    // A client that goes away ends here like one that says so.
    socket.on('error', () => undefined);
    socket.on('close', () => this.closed());
  }

  private closed(): void {
    this.#stopPlaying();
    this.#camera?.connections.delete(this.socket);
  }

  private received(text: string): void {
    this.#received += text;
    for (;;) {
      // Receiver reports come in frames of their own: skipped.
      if (this.#received.startsWith('$')) {
        if (this.#received.length < 4) return;
        const length = 4 + this.#received.charCodeAt(2) * 256 + this.#received.charCodeAt(3);
        if (this.#received.length < length) return;
        this.#received = this.#received.slice(length);
        continue;
      }
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const request = parsed(this.#received.slice(0, end));
      this.#received = this.#received.slice(end + 4);
      this.answer(request);
    }
  }

  private answer(request: Request): void {
    const name = new URL(request.url.replace(/^rtsp/, 'http')).pathname.split('/')[1] ?? '';
    const camera = this.find(name);
    if (camera === undefined) return this.send(request, '404 Not Found');
    if (camera.state === 'dead') return void this.socket.destroy();
    this.#camera = camera;
    camera.connections.add(this.socket);
    const { credentials } = camera.options;
    if (credentials !== undefined && request.method !== 'OPTIONS') {
      const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
      if (request.headers.get('authorization') !== expected) {
        return this.send(request, '401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="camera"' });
      }
    }
    this.dispatch(request, camera);
  }

  private dispatch(request: Request, camera: SimCamera): void {
    switch (request.method) {
      case 'OPTIONS':
        return this.send(request, '200 OK', {
          Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER',
        });
      case 'DESCRIBE':
        return this.send(request, '200 OK', { 'Content-Type': 'application/sdp' }, description(camera));
      case 'SETUP':
        if (!/RTP\/AVP\/TCP/.test(request.headers.get('transport') ?? '')) {
          return this.send(request, '461 Unsupported Transport');
        }
        return this.send(request, '200 OK', {
          Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1',
          Session: SESSION,
        });
      case 'PLAY':
        this.send(request, '200 OK', { Session: SESSION, Range: 'npt=0.000-' });
        return this.play(camera);
      case 'TEARDOWN':
        this.send(request, '200 OK', { Session: SESSION });
        return void this.socket.end();
      case 'GET_PARAMETER':
        return this.send(request, '200 OK', { Session: SESSION });
      default:
        return this.send(request, '501 Not Implemented');
    }
  }

  private play(camera: SimCamera): void {
    const sender = new RtpSender(0, 0x7e1e0b);
    const beganAt = performance.now();
    this.#stopPlaying();
    this.#stopPlaying = camera.onFrame('h264', (unit) => {
      if (this.socket.writableLength < MAX_UNSENT) {
        this.socket.write(sender.frame(unit, (performance.now() - beganAt) / 1_000));
      }
    });
  }

  private send(request: Request, status: string, headers: Record<string, string> = {}, body = ''): void {
    const lines = Object.entries({
      CSeq: request.headers.get('cseq') ?? '0',
      ...headers,
      ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }),
    }).map(([name, value]) => `${name}: ${value}`);
    this.socket.write(`RTSP/1.0 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  }
}

function parsed(text: string): Request {
  const [first = '', ...lines] = text.split('\r\n');
  const [method = '', url = ''] = first.split(' ');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, url, headers: new Map(headers) };
}

function description(camera: SimCamera): string {
  const sets = parameterSets(camera.loop.h264).map((nal) => nal.toString('base64'));
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    `s=${camera.options.name}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets.join(',')}`,
    'a=control:trackID=0',
    '',
  ].join('\r\n');
}
