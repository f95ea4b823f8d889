import http from 'node:http';
import https from 'node:https';

const PLAIN = { request: http.request, agent: new http.Agent({ keepAlive: true }) };
const SECURE = { request: https.request, agent: new https.Agent({ keepAlive: true }) };

/**
 * As `fetch` with a body of these bytes, which go to the socket as they are and as it takes them: fetch copies them twice, and
 * takes four times as long for a call. The answer is read whole.
 */
export function sendParts(
  url: string | URL,
  { method = 'POST', headers, signal }: Pick<RequestInit, 'method' | 'headers' | 'signal'>,
  parts: readonly Buffer[],
): Promise<Response> {
  const { request, agent } = new URL(url).protocol === 'https:' ? SECURE : PLAIN;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent,
      // Not every compatible API takes a body whose length it is not told.
      headers: { ...Object.fromEntries(new Headers(headers)), 'content-length': length },
      signal: signal ?? undefined,
    });
    sent.on('error', reject);
    sent.once('response', (answer) => {
      responseOf(answer)
        // It may be answered before all of it was taken.
        .finally(() => sent.writableFinished || sent.destroy())
        .then(resolve, reject);
    });
    // They are kept until they are sent either way: there is nothing to wait for between them.
    for (const part of parts) sent.write(part);
    sent.end();
  });
}

async function responseOf(answer: http.IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  // It is here already; a Response would make a stream of it, and read that.
  const here = { text: async () => body, json: async (): Promise<unknown> => JSON.parse(body) };
  return Object.assign(new Response(null, { status: answer.statusCode, headers }), here);
}
