import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvmKey, PairingApi, sessionMessage, type Session } from '@teleop/sim-kiosk';
import { WebSocket, type RawData } from 'ws';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';

export interface PairingGroup {
  readonly group: string;
  readonly pairs: number;
  /** Origins (http) of the replicas that devices and apps connect to. */
  readonly devices: string;
  readonly apps: string;
  readonly jwtSecret: string;
}

export interface BareGroup {
  readonly group: string;
  readonly pairs: number;
  /** Origin (ws) of the bare relay. */
  readonly relay: string;
}

export interface PairingRound {
  readonly group: string;
  readonly hz: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface PairingResult {
  readonly latency: Percentiles;
  readonly sent: number;
  readonly received: number;
}

interface LoadPair {
  readonly device: WebSocket;
  readonly session: Session;
  seq: number;
}

interface Group {
  readonly latency: Samples;
  readonly pairs: LoadPair[];
  received: number;
  measuring: boolean;
  lost: string | undefined;
}

const AT_ONCE = 16;
const HEARTBEAT_MS = 30_000;
const TIME = /"t":\s*"\s*([\d.]+)"/;
const groups = new Map<string, Group>();
let devices = 0;

function groupOf(name: string): Group {
  const group = groups.get(name) ?? {
    latency: new Samples(),
    pairs: [],
    received: 0,
    measuring: false,
    lost: undefined,
  };
  groups.set(name, group);
  return group;
}

async function open(group: Group, url: string, heard: (text: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('message', (data: RawData) => heard((data as Buffer).toString('utf8')));
  socket.on('close', (code) => (group.lost ??= `${new URL(url).pathname} closed with ${code}`));
  await once(socket, 'open');
  return socket;
}

function arrived(group: Group, text: string): void {
  const time = TIME.exec(text)?.[1];
  if (!group.measuring || time === undefined) return;
  group.received += 1;
  group.latency.add(performance.now() - Number(time));
}

async function pair(group: Group, { devices: at, apps, jwtSecret }: PairingGroup): Promise<void> {
  const deviceId = `bench${(devices += 1)}`;
  const key = EvmKey.ofDemo(deviceId);
  const api = new PairingApi(at);
  await api.register(deviceId, key, jwtSecret);
  const { token } = await api.token(deviceId, key);
  const activated = withResolvers<Session>();
  const device = await open(
    group,
    `${at.replace('http', 'ws')}/ws/device/${deviceId}?token=${token}`,
    (text) => {
      const frame = JSON.parse(text) as Record<string, string>;
      if (frame['type'] === 'session_activated')
        activated.resolve({ sessionId: frame['session_id'] ?? '', sessionKey: frame['session_key'] ?? '' });
    },
  );
  const established = withResolvers<string>();
  const app = await open(group, `${apps.replace('http', 'ws')}/ws/app?token=${token}`, (text) => {
    if (text.startsWith('{"type":"connection_established"'))
      established.resolve((JSON.parse(text) as { app_connection_id: string }).app_connection_id);
    else arrived(group, text);
  });
  const response = await fetch(`${apps}/pair/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pairing_token: token, app_connection_id: await established.promise }),
  });
  if (!response.ok) throw new Error(`not claimed: ${response.status} ${await response.text()}`);
  group.pairs.push({ device, session: await activated.promise, seq: 0 });
  for (const socket of [device, app]) {
    setInterval(
      () => socket.readyState === WebSocket.OPEN && socket.send('{"type":"heartbeat"}'),
      HEARTBEAT_MS,
    ).unref();
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

async function connect(asked: PairingGroup): Promise<null> {
  const group = groupOf(asked.group);
  for (let made = 0; made < asked.pairs; made += AT_ONCE) {
    const more = Math.min(AT_ONCE, asked.pairs - made);
    await Promise.all(Array.from({ length: more }, () => pair(group, asked)));
  }
  return null;
}

/** The same messages, over a relay that looks at nothing. */
async function connectBare({ group: name, pairs, relay }: BareGroup): Promise<null> {
  const group = groupOf(name);
  const sessionKey = Buffer.alloc(32, 7).toString('base64');
  for (let number = 0; number < pairs; number += 1) {
    await open(group, `${relay}/ws/robot/control?robotId=p${number}`, (text) => arrived(group, text));
    const device = await open(group, `${relay}/ws/drive/session?robotId=p${number}`, () => undefined);
    group.pairs.push({
      device,
      session: { sessionId: '7f1c2a34-1111-4222-8333-444455556666', sessionKey },
      seq: 0,
    });
  }
  return null;
}

/** Each device at its rate, spread evenly over time. */
async function run({ group: name, hz, warmUpMs, measureMs }: PairingRound): Promise<PairingResult> {
  const group = groupOf(name);
  if (group.lost !== undefined) throw new Error(group.lost);
  group.latency.clear();
  group.received = 0;
  const perMs = (group.pairs.length * hz) / 1_000;
  const begin = performance.now();
  const end = begin + warmUpMs + measureMs;
  let [messages, sent] = [0, 0];
  for (let now = begin; now < end; now = performance.now()) {
    group.measuring = now >= begin + warmUpMs;
    for (const due = Math.floor((now - begin) * perMs); messages < due; messages += 1) {
      const one = group.pairs[messages % group.pairs.length] as LoadPair;
      one.seq += 1;
      const t = performance.now().toFixed(4).padStart(14, ' ');
      one.device.send(sessionMessage(one.session, one.seq, { result: 'success', score: 0.93, t }));
      if (group.measuring) sent += 1;
    }
    await sleep(1);
  }
  await sleep(300);
  group.measuring = false;
  return { latency: group.latency.summary(), sent, received: group.received };
}

serve({ connect, connectBare, run });
