import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AttendanceBackend } from './attendance-backend';
import { RecognitionApi, type Camera } from './recognition-api';

/* Takes attendance once, as the Java backend would: enrols the class, begins a session, waits for everybody, ends it. */

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const PATIENCE_MS = 60_000;
const START_MS = 60_000;

interface StackFile {
  readonly gateway: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Room {
  readonly cameras: readonly { readonly name: string; readonly rtsp: string }[];
  readonly people: readonly string[];
}

async function main(): Promise<void> {
  const { env } = process;
  const stackFile = env['TELEOP_STACK_FILE'] ?? path.resolve('.data', 'stack.json');
  const stack = JSON.parse(readFileSync(stackFile, 'utf8')) as StackFile;
  const camerasUrl = env['SIM_CAMERAS_URL'] ?? 'http://127.0.0.1:3192';
  const room = await whenThere<Room>(camerasUrl);
  const api = new RecognitionApi(stack.gateway, stack.env['RECOGNITION_API_KEY'] ?? 'dev-recognition-key');
  const backend = new AttendanceBackend({
    log: (message, { body }: { body?: object }) => print(`${message}: ${JSON.stringify(body)}`),
  });
  await backend.start();
  const vectors = await enrol(api, camerasUrl, room.people);
  const slotId = Math.floor(Date.now() / 1_000);
  const cameras: Camera[] = room.cameras.map(({ name, rtsp }, at) => ({ id: at + 1, name, rtspUrl: rtsp }));
  print(`${vectors.length} students, ${cameras.length} cameras, slot ${slotId}`);
  await api.begin({ slotId, vectors, cameras, callbackUrl: backend.callbackUrl });
  const stop = async (): Promise<void> => {
    const { recognizedStudentIds } = await api.stop(slotId);
    print(`recognised: ${recognizedStudentIds.join(', ') || 'nobody'}`);
    await backend.stop();
  };
  process.once('SIGINT', () => void stop());
  const until = performance.now() + PATIENCE_MS;
  while (backend.recognitions.length < vectors.length && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await stop();
}

/** Cameras that have just been started take a moment to make their pictures. */
async function whenThere<T>(url: string): Promise<T> {
  const until = performance.now() + START_MS;
  for (;;) {
    try {
      return (await (await fetch(url)).json()) as T;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function enrol(
  api: RecognitionApi,
  camerasUrl: string,
  people: readonly string[],
): Promise<number[][]> {
  const vectors: number[][] = [];
  for (const file of people) {
    const photo = await (await fetch(new URL(file, camerasUrl))).arrayBuffer();
    vectors.push(await api.embed(Buffer.from(photo), `demo-${file}`));
  }
  return vectors;
}

main().catch((error: unknown) => {
  const { message, cause } = error as Error;
  process.stderr.write(
    `${message}${cause instanceof Error ? ` (${cause.message})` : ''}; does \`npm start\` run?\n`,
  );
  process.exit(1);
});
