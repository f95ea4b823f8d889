import path from 'node:path';
import { existsSync } from 'node:fs';
import { processEnvironment } from '../environment';
import type { Layout } from '../layout';
import { anotherPort } from '../ports';
import { Child, type ChildContext } from '../supervise/child';
import { localUrl } from './service-urls';

const VISION = 'vision-service';
const FOLDER = 'vision-model';

export interface SimulatedModel {
  /** What vision-service has to be told. */
  readonly env: Record<string, string>;
  /** For the person who starts it. */
  readonly notice: string;
  /** Not there when the caller has a server of his own. */
  start?(env: Record<string, string>, context: ChildContext): Child;
}

/** vision-service takes a model without a key for one that is not configured, whatever server it is on. */
const KEYLESS: SimulatedModel = {
  env: {},
  notice: `OPENAI_BASE_URL is set without OPENAI_API_KEY: ${VISION} answers 503 VISION_NOT_CONFIGURED; for a server that needs no key, set any`,
};

/**
 * Without a key for the real one, a vision model of our own that counts the dolls of the simulated arms; it never takes the
 * place of a server that the caller names. Null when there is a key, when there is nothing that would ask it, and in
 * production, where a missing key must stop the start.
 */
export async function simulatedModel(
  layout: Layout,
  ports: Map<string, number>,
  caller: NodeJS.ProcessEnv,
): Promise<SimulatedModel | null> {
  const hasKey = Boolean(caller['OPENAI_API_KEY'] || caller['OPENAI_API_KEY_FILE']);
  if (hasKey || caller['NODE_ENV'] === 'production' || !ports.has(VISION)) return null;
  if (caller['OPENAI_BASE_URL']) return KEYLESS;
  const file = path.join(layout.simulatorsDir, FOLDER, 'dist', 'main.js');
  if (!existsSync(file)) return null;
  const port = await anotherPort(ports);
  ports.set(FOLDER, port);
  const url = `${localUrl(port)}/v1`;
  return {
    env: { OPENAI_API_KEY: 'key-of-the-simulated-model', OPENAI_BASE_URL: url },
    notice: `OPENAI_API_KEY is not set: ${VISION} asks a simulated model at ${url}`,
    start: (env, context) => {
      const own = { VISION_MODEL_PORT: String(port), HOST: '127.0.0.1' };
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
