import path from 'node:path';
import { existsSync } from 'node:fs';
import { isPortFree } from '@teleop/infra';
import { processEnvironment } from '../environment';
import type { Layout } from '../layout';
import { anotherPort } from '../ports';
import { Child, type ChildContext } from '../supervise/child';

const RECOGNITION = 'recognition-service';
const FOLDER = 'cameras';
/** Where `npm run sim:attendance` looks for them. */
const PORTS = { rtsp: 3191, http: 3192 };

export interface DemoRoom {
  /** For the person who starts it. */
  readonly notice: string;
  start(env: Record<string, string>, context: ChildContext): Child;
}

/** Cameras that show photographs, of which attendance can be taken. Null where nobody would look at them. */
export async function demoRoom(
  layout: Layout,
  ports: Map<string, number>,
  caller: NodeJS.ProcessEnv,
): Promise<DemoRoom | null> {
  const file = path.join(layout.simulatorsDir, FOLDER, 'dist', 'main.js');
  if (!ports.has(RECOGNITION) || !existsSync(file)) return null;
  const rtsp = await portFor('cameras.rtsp', PORTS.rtsp, ports);
  const http = await portFor('cameras.http', PORTS.http, ports);
  const where = http === PORTS.http ? '' : `SIM_CAMERAS_URL=http://127.0.0.1:${http} `;
  return {
    notice: `cameras of a class at rtsp://127.0.0.1:${rtsp}/class and /door; take attendance: ${where}npm run sim:attendance`,
    start: (env, context) => {
      const own = {
        HOST: '127.0.0.1',
        SIM_CAMERAS_RTSP_PORT: String(rtsp),
        SIM_CAMERAS_PORT: String(http),
      };
      const child = new Child(
        {
          name: `sim-${FOLDER}`,
          file,
          cwd: path.dirname(path.dirname(file)),
          env: processEnvironment(env, own, caller),
        },
        context,
      );
      child.start();
      return child;
    },
  };
}

async function portFor(name: string, wanted: number, ports: Map<string, number>): Promise<number> {
  const taken = [...ports.values()].includes(wanted) || !(await isPortFree(wanted));
  const port = taken ? await anotherPort(ports) : wanted;
  ports.set(name, port);
  return port;
}
