import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { SCRIPTS } from './cli/scripts';

const USAGE = `Steers a robot for the rest of your turn.

  node dist/drive.js --robot arm1 --token <control_token> [--url ws://127.0.0.1:3000] [--script wave|turn|dolls|home] [--seconds 20]
`;

const SEND_HZ = 20;
const PRINT_MS = 500;
const WHY_CLOSED: Readonly<Record<number, string>> = {
  4001: 'your turn is over',
  4002: 'another window of yours took over',
};

const { values } = parseArgs({
  options: {
    robot: { type: 'string', default: process.env['ROBOT_ID'] ?? 'arm1' },
    token: { type: 'string', default: process.env['CONTROL_TOKEN'] ?? '' },
    url: { type: 'string', default: process.env['GATEWAY_URL'] ?? 'ws://127.0.0.1:3000' },
    script: { type: 'string', default: 'wave' },
    seconds: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}

if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (values.token === '')
  fail('--token is missing: it is the control_token that POST /use_robot answered with');
const script = SCRIPTS[values.script] ?? fail(`no such script: ${values.script}`);
const seconds = Number(values.seconds);
if (!(seconds > 0)) fail('--seconds must be a number above 0');

const target = new URL('/ws/drive/session', values.url.replace(/^http/, 'ws'));
target.searchParams.set('robotId', values.robot);
target.searchParams.set('token', values.token);

const socket = new WebSocket(target, { perMessageDeflate: false });
let printedAt = 0;
let timer: NodeJS.Timeout | undefined;

function print(text: string): void {
  const frame = JSON.parse(text) as { type?: string; joints?: number[]; gripper?: number; moving?: boolean };
  if (frame.type !== 'state') {
    process.stdout.write(`robot says ${text}\n`);
    return;
  }
  const now = performance.now();
  if (now - printedAt < PRINT_MS) return;
  printedAt = now;
  const joints = (frame.joints ?? []).map((angle) => angle.toFixed(2).padStart(6)).join(' ');
  process.stdout.write(
    `joints ${joints}  gripper ${(frame.gripper ?? 0).toFixed(2)}  ${frame.moving ? 'moving' : 'still'}\n`,
  );
}

socket.on('unexpected-response', (_request, response) => {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => {
    process.stderr.write(`refused: HTTP ${response.statusCode} ${Buffer.concat(chunks).toString('utf8')}\n`);
    process.exit(1);
  });
});
socket.on('open', () => {
  process.stdout.write(`connected to ${values.robot}; driving "${values.script}" for ${seconds} s\n`);
  socket.send(JSON.stringify({ type: 'lock_request', token: values.token }));
  const began = performance.now();
  timer = setInterval(() => {
    const elapsed = (performance.now() - began) / 1_000;
    if (elapsed > seconds) socket.close(1000);
    else socket.send(JSON.stringify(script(elapsed)));
  }, 1_000 / SEND_HZ);
});
socket.on('message', (data: Buffer, isBinary) => {
  if (!isBinary) print(data.toString('utf8'));
});
socket.on('error', (error) => {
  process.stderr.write(`cannot drive: ${error.message}\n`);
  process.exitCode = 1;
});
socket.on('close', (code) => {
  clearInterval(timer);
  process.stdout.write(`closed (${code}${WHY_CLOSED[code] === undefined ? '' : `: ${WHY_CLOSED[code]}`})\n`);
});
