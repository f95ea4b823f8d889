import { once } from 'node:events';
import net, { isIP, type AddressInfo, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { RtspGuard } from './rtsp-guard';

const RTSP_PORT = 554;
const RTSPS_PORT = 322;

/**
 * One connection to an RTSP camera, at the address that was judged. ffmpeg gets at it by a door on this machine that opens
 * once, so that neither another word of the name server nor the camera can lead it elsewhere.
 */
export class RtspRelay {
  /** What ffmpeg is to open: the camera's URL, with the door for its host. */
  readonly url: string;

  private constructor(
    camera: URL,
    private readonly upstream: Socket,
    private readonly door: Server,
  ) {
    const { port } = door.address() as AddressInfo;
    const credentials = camera.username === '' ? '' : `${camera.username}:${camera.password}@`;
    this.url = `rtsp://${credentials}127.0.0.1:${port}${camera.pathname}${camera.search}`;
    door.once('connection', (client: Socket) => this.open(client));
    // Before anybody came it ends like one that refuses.
    upstream.once('close', () => door.close());
  }

  /** Throws what connecting throws, or when the signal is aborted. */
  static async connect(camera: URL, address: string, signal: AbortSignal): Promise<RtspRelay> {
    const upstream = dial(camera, address);
    const door = net.createServer();
    try {
      await once(upstream, camera.protocol === 'rtsps:' ? 'secureConnect' : 'connect', { signal });
      upstream.on('error', () => upstream.destroy());
      door.listen(0, '127.0.0.1');
      await once(door, 'listening', { signal });
      return new RtspRelay(camera, upstream, door);
    } catch (error) {
      upstream.on('error', () => undefined).destroy();
      door.close();
      throw error;
    }
  }

  close(): void {
    this.upstream.destroy();
    this.door.close();
  }

  private open(client: Socket): void {
    this.door.close();
    const { upstream } = this;
    const guard = new RtspGuard();
    const both = [client, upstream];
    for (const socket of both) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => both.forEach((one) => one.destroy()));
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      try {
        guard.take(chunk);
        if (!client.write(chunk)) upstream.pause();
      } catch {
        // It leads elsewhere, or nobody could tell whether it does: to ffmpeg the connection ends.
        upstream.destroy();
      }
    });
    client.on('drain', () => upstream.resume());
  }
}

function dial(camera: URL, address: string): Socket {
  const isSecure = camera.protocol === 'rtsps:';
  const port = Number(camera.port || (isSecure ? RTSPS_PORT : RTSP_PORT));
  if (!isSecure) return net.connect({ host: address, port });
  const name = camera.hostname.replace(/^\[|\]$/g, '');
  // Cameras sign their certificates themselves; ffmpeg does not ask for more either.
  const asked = { host: address, port, rejectUnauthorized: false };
  return tls.connect(isIP(name) === 0 ? { ...asked, servername: name } : asked);
}
