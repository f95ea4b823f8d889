import { createHash } from 'node:crypto';
import http from 'node:http';
import pg from 'pg';
import { serve } from '../workers/serve';
import { listen } from './listen';

/*
 * The least that can answer POST /queue/join and /queue/leave: node:http, JSON.parse, the SQL function as a prepared
 * statement on a pool, JSON.stringify. Nothing is validated, logged, measured or relayed.
 */

const JOIN = { name: 'join', text: 'SELECT * FROM teleop.join_queue($1, $2, $3, $4, $5, $6)' };
const LEAVE = { name: 'leave', text: 'SELECT * FROM teleop.leave_queue($1, $2, $3, $4, $5)' };
const SESSION_SECONDS = 300;
const FAST_TRACK_DAILY = 6;

interface Ask {
  readonly userId: string;
  readonly robotId: string;
}

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['POOL'] ?? 16),
});

async function change(path: string, { userId, robotId }: Ask, bearer: string): Promise<object> {
  const digest = createHash('sha256').update(bearer).digest();
  const join = path === '/queue/join';
  const values = join
    ? [userId, robotId, digest, false, SESSION_SECONDS, FAST_TRACK_DAILY]
    : [userId, robotId, digest, false, SESSION_SECONDS];
  const { rows } = await pool.query<Record<string, unknown>>({ ...(join ? JOIN : LEAVE), values });
  const { code, ...rest } = rows[0] ?? {};
  return { success: code === 'JOINED' || code === 'ALREADY_IN_QUEUE' || code === 'LEFT', robotId, ...rest };
}

function answer(req: http.IncomingMessage, res: http.ServerResponse, text: string): void {
  const bearer = (req.headers.authorization ?? '').slice('Bearer '.length);
  change(req.url ?? '', JSON.parse(text) as Ask, bearer).then(
    (body) => write(res, 'success' in body && body.success === true ? 200 : 403, body),
    (error: Error) => write(res, 500, { error: error.message }),
  );
}

function write(res: http.ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

const server = http.createServer((req, res) => {
  let text = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => (text += chunk));
  req.on('end', () => answer(req, res, text));
});

serve({ listen: () => listen(server) });
