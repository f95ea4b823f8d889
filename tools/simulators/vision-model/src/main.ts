import { knobsOf } from './api/knobs';
import { VisionModelServer } from './vision-model';

const log = (message: string, fields: object = {}): void =>
  void process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), name: 'vision-model', msg: message, ...fields })}\n`,
  );

const server = new VisionModelServer({
  port: Number(process.env['VISION_MODEL_PORT'] ?? 3190),
  host: process.env['HOST'] ?? '127.0.0.1',
  knobs: knobsOf(process.env),
  log,
});

server.start().then(
  (url) => log('simulated vision model', { url }),
  (error: Error) => {
    process.stderr.write(`the simulated vision model could not start: ${error.message}\n`);
    process.exit(1);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
