import { AttendanceBackend } from './attendance-backend';

const log = (message: string, fields: object = {}): void =>
  void process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), name: 'attendance-backend', msg: message, ...fields })}\n`,
  );

const backend = new AttendanceBackend({
  port: Number(process.env['ATTENDANCE_BACKEND_PORT'] ?? 3193),
  host: process.env['HOST'] ?? '127.0.0.1',
  log,
});

backend.start().then(
  () => log('simulated attendance backend', { callbackUrl: backend.callbackUrl }),
  (error: Error) => {
    process.stderr.write(`the simulated attendance backend could not start: ${error.message}\n`);
    process.exit(1);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void backend.stop().then(() => process.exit(0)));
}
