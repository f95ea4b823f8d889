import http from 'node:http';
import { serve } from '../workers/serve';
import { listen } from './listen';

/* The least that can be done with a JSON body: read it, decode it, answer. */

const server = http.createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const began = performance.now();
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const text = JSON.stringify({ fields: Object.keys(body).length, decodedMs: performance.now() - began });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    res.end(text);
  });
});

serve({ listen: () => listen(server) });
