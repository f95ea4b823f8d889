import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { AttendanceBackend } from '@teleop/sim-attendance-backend';
import { CameraServer, type Scene } from '@teleop/sim-cameras';
import sharp from 'sharp';
import { serve } from '../workers/serve';

export interface CamerasWish {
  readonly cameras: number;
  readonly fps: number;
}

export interface CamerasThere {
  readonly rtspUrls: readonly string[];
  readonly callbackUrl: string;
}

const [WIDTH, HEIGHT] = [1_920, 1_080];

/** Five people of a photograph that face-api ships, 1080p, the camera turning. */
async function scene(): Promise<Scene> {
  const file = path.join(workspaceRoot(), 'node_modules', '@vladmandic', 'face-api', 'demo', 'sample5.jpg');
  const picture = await sharp(file).resize({ width: WIDTH, height: HEIGHT, fit: 'cover' }).jpeg().toBuffer();
  return {
    width: WIDTH,
    height: HEIGHT,
    frames: 10,
    people: [{ picture, x: 0, y: 0, width: WIDTH }],
    pan: 4,
  };
}

serve({
  async start({ cameras, fps }: CamerasWish): Promise<CamerasThere> {
    const names = Array.from({ length: cameras }, (_, at) => `camera${at + 1}`);
    const shown = await scene();
    const server = new CameraServer({ cameras: names.map((name) => ({ name, scene: shown, fps })) });
    const backend = new AttendanceBackend();
    await Promise.all([server.start(), backend.start()]);
    return { rtspUrls: names.map((name) => server.rtspUrl(name)), callbackUrl: backend.callbackUrl };
  },
});
