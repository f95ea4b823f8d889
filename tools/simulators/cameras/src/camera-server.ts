import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { findFfmpeg } from '@teleop/infra';
import { sendFile, serveHttp } from './http/serve-http';
import { RtspConnection } from './rtsp/rtsp-connection';
import { SimCamera, type SimCameraOptions } from './sim-camera';

export interface CameraServerOptions {
  readonly cameras: readonly SimCameraOptions[];
  readonly host?: string;
  /** 0 (the default): a free one. */
  readonly rtspPort?: number;
  readonly httpPort?: number;
  /** Photos of people in the pictures, for who enrols them: GET /people/<n>.jpg. */
  readonly people?: readonly Buffer[];
}

/** Cameras as a recognition service meets them: RTSP over TCP, MJPEG and MP4 over HTTP. Needs ffmpeg to encode H.264. */
export class CameraServer {
  readonly #cameras = new Map<string, SimCamera>();
  readonly #rtsp: Server;
  readonly #http: HttpServer;
  readonly #sockets = new Set<Socket>();
  readonly #host: string;

  constructor(private readonly options: CameraServerOptions) {
    this.#host = options.host ?? '127.0.0.1';
    const find = (name: string): SimCamera | undefined => this.#cameras.get(name);
    this.#rtsp = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      new RtspConnection(socket, find);
    });
    this.#http = createHttpServer((request, response) => {
      if (request.url === '/') return this.describe(response);
      const person = this.options.people?.[Number(/^\/people\/(\d+)\.jpg$/.exec(request.url ?? '')?.[1])];
      if (person !== undefined) return sendFile(response, 'image/jpeg', person);
      serveHttp(request, response, find).catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    const ffmpeg = await findFfmpeg();
    for (const options of this.options.cameras) {
      const camera = new SimCamera(options, ffmpeg);
      await camera.start();
      this.#cameras.set(options.name, camera);
    }
    this.#rtsp.listen(this.options.rtspPort ?? 0, this.#host);
    this.#http.listen(this.options.httpPort ?? 0, this.#host);
    await Promise.all([once(this.#rtsp, 'listening'), once(this.#http, 'listening')]);
  }

  async stop(): Promise<void> {
    for (const camera of this.#cameras.values()) camera.stop();
    for (const socket of this.#sockets) socket.destroy();
    this.#http.closeAllConnections();
    await Promise.all(
      [this.#rtsp, this.#http].map((server) => new Promise((resolve) => server.close(resolve))),
    );
  }

  camera(name: string): SimCamera {
    const camera = this.#cameras.get(name);
    if (camera === undefined) throw new RangeError(`no camera ${name}`);
    return camera;
  }

  rtspUrl(name: string): string {
    return `rtsp://${this.authority(name, this.#rtsp)}/${name}`;
  }

  httpUrl(name: string, form: 'mjpg' | 'mp4' | 'jpg' | 'hls' = 'mjpg'): string {
    const file = form === 'hls' ? `${name}/hls/index.m3u8` : `${name}.${form}`;
    return `http://${this.authority(name, this.#http)}/${file}`;
  }

  /** What there is, for a program that takes attendance of it. */
  private describe(response: ServerResponse): void {
    const cameras = [...this.#cameras.keys()].map((name) => ({
      name,
      rtsp: this.rtspUrl(name),
      mjpeg: this.httpUrl(name),
    }));
    const people = (this.options.people ?? []).map((_, at) => `/people/${at}.jpg`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ cameras, people }));
  }

  private authority(name: string, server: Server | HttpServer): string {
    const { credentials } = this.camera(name).options;
    return `${credentials === undefined ? '' : `${credentials}@`}${this.#host}:${(server.address() as AddressInfo).port}`;
  }
}
