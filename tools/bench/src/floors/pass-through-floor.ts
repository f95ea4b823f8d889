import http from 'node:http';
import { serve } from '../workers/serve';
import { listen } from './listen';

/* The least that passes HTTP on: every header as it came, no limits, no time-outs, no ids, no metrics. */

const { hostname, port } = new URL(process.env['UPSTREAM'] ?? '');
const agent = new http.Agent({ keepAlive: true, maxSockets: 512, noDelay: true });

const server = http.createServer((req, res) => {
  const options = { agent, hostname, port, method: req.method, path: req.url, headers: req.headers };
  const onward = http.request(options, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on('error', () => res.writeHead(502).end());
  req.pipe(onward);
});

serve({ listen: () => listen(server) });
