import { CameraServer } from './camera-server';
import { demoPeople, demoScenes } from './demo';

const log = (message: string, fields: object = {}): void =>
  void process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), name: 'cameras', msg: message, ...fields })}\n`,
  );

async function main(): Promise<void> {
  const { env } = process;
  const [scenes, people] = await Promise.all([demoScenes(), demoPeople()]);
  const fps = Number(env['SIM_CAMERAS_FPS'] ?? 5);
  const server = new CameraServer({
    host: env['HOST'] ?? '127.0.0.1',
    rtspPort: Number(env['SIM_CAMERAS_RTSP_PORT'] ?? 3191),
    httpPort: Number(env['SIM_CAMERAS_PORT'] ?? 3192),
    cameras: [
      { name: 'class', scene: scenes.class, fps },
      { name: 'door', scene: scenes.door, fps },
    ],
    people,
  });
  await server.start();
  log('simulated cameras', { rtsp: server.rtspUrl('class'), mjpeg: server.httpUrl('class') });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`the simulated cameras could not start: ${(error as Error).message}\n`);
  process.exit(1);
});
