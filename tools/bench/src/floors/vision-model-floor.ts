import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../workers/serve';
import { listen } from './listen';

/*
 * A vision model that does not look: it reads what it is sent, waits as long as it is told, and says that one doll was moved.
 * Looking would take the processor from what is measured.
 */

export interface Pace {
  readonly latencyMs: number;
  /** Calls differ by up to so much, ±. */
  readonly jitterMs: number;
}

let pace: Pace = { latencyMs: 0, jitterMs: 0 };
let calls: number[] = [];

const COUNTS = { start: { left: 2, right: 0 }, end: { left: 1, right: 1 }, moved: { l_to_r: 1, r_to_l: 0 } };
const ANSWER = JSON.stringify({
  id: 'resp_bench',
  object: 'response',
  status: 'completed',
  output: [
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: JSON.stringify(COUNTS) }] },
  ],
  usage: { input_tokens: 1_850, output_tokens: 30, total_tokens: 1_880 },
});

const server = http.createServer((req, res) => {
  const began = performance.now();
  res.once('finish', () => calls.push(performance.now() - began));
  req.resume();
  req.once('end', () => {
    const { latencyMs, jitterMs } = pace;
    void sleep(Math.max(0, latencyMs + (Math.random() * 2 - 1) * jitterMs)).then(() => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(ANSWER);
    });
  });
});

serve({
  listen: () => listen(server),
  set: (wanted: Pace) => {
    pace = wanted;
  },
  /** Milliseconds of each call since it was last asked. */
  calls: () => {
    const taken = calls;
    calls = [];
    return taken;
  },
});
