import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';
import { openConnections } from './http-connection';

/** Reads the board again and again until told to stop, and notes every answer that is not a full board. */
export interface BoardReading {
  readonly reads: number;
  readonly latency: Percentiles;
  /** Answers without 50 rows, ranks 1 to 50 in order; none, when all is well. */
  readonly broken: readonly string[];
}

const PAUSE_MS = 5;

let stopping = false;
let reading: Promise<BoardReading> | undefined;

function faultOf(body: string): string | undefined {
  const { leaderboard } = JSON.parse(body) as { leaderboard: { rank: number }[] };
  const whole = leaderboard.length === 50 && leaderboard.every(({ rank }, index) => rank === index + 1);
  return whole ? undefined : `${leaderboard.length} rows: ${leaderboard.map(({ rank }) => rank).join(' ')}`;
}

async function readOn(origin: string): Promise<BoardReading> {
  const [connection] = await openConnections(origin, 1);
  if (connection === undefined) throw new Error('no connection');
  const latency = new Samples();
  const broken: string[] = [];
  while (!stopping) {
    const before = performance.now();
    const { status, body } = await connection.send('GET', '/tele_op/leaderboard');
    latency.add(performance.now() - before);
    const fault = status === 200 ? faultOf(body) : `${status} ${body}`;
    if (fault !== undefined) broken.push(fault.slice(0, 300));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  connection.close();
  return { reads: latency.count, latency: latency.summary(), broken };
}

serve({
  start: ({ origin }: { origin: string }) => {
    stopping = false;
    reading = readOn(origin);
    reading.catch(() => undefined); // told of by `stop`
    return null;
  },
  stop: () => {
    stopping = true;
    return reading;
  },
});
