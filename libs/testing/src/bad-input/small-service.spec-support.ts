import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenApiDocument } from './operations';

export const DOCUMENT: OpenApiDocument = {
  paths: {
    '/notes': {
      post: {
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } },
        responses: { 200: {}, 400: {}, 401: {}, 413: {} },
        security: [{ bearer: [] }],
      },
    },
  },
  components: {
    schemas: {
      Note: { type: 'object', properties: { text: { type: 'string', maxLength: 50 } }, required: ['text'] },
    },
  },
};

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const LIMIT = 256 * 1024;

interface Outcome {
  readonly status: number;
  readonly code: string;
  readonly errors?: { path: string; message: string }[];
  readonly detail?: string;
}

export interface Mistakes {
  /** Answers in place of the right one, or undefined to let it be. */
  readonly instead?: (body: string, right: Outcome) => Outcome | undefined;
  /** Writes before it looks. */
  readonly eager?: boolean;
}

async function textOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function judge(body: string, authorization: string | undefined): Outcome {
  if (authorization !== 'Bearer good') return { status: 401, code: 'UNAUTHORIZED' };
  if (body.length > LIMIT) return { status: 413, code: 'PAYLOAD_TOO_LARGE' };
  const { text } = JSON.parse(body) as { text?: unknown };
  const good = typeof text === 'string' && [...text].length <= 50 && !/[\0\ud800-\udfff]/u.test(text);
  if (good) return { status: 200, code: 'OK' };
  return {
    status: 400,
    code: 'VALIDATION_FAILED',
    errors: [{ path: 'text', message: 'must be a short text' }],
  };
}

/** A right service of one operation over node:http, and ways to make it wrong. Its database is an array. */
export async function smallService(mistakes: Mistakes = {}) {
  const rows: string[] = [];
  const server = createServer((req, res) => {
    void textOf(req).then((body) => {
      const right = judge(body, req.headers.authorization);
      const {
        status,
        code,
        errors,
        detail = 'That is not possible',
      } = mistakes.instead?.(body, right) ?? right;
      if (status === 200 || mistakes.eager) rows.push(body);
      const problem = {
        type: `urn:${code}`,
        title: code,
        status,
        detail,
        instance: req.url,
        code,
        traceId: TRACE,
        errors,
      };
      res.writeHead(status, { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' });
      res.end(JSON.stringify(problem));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fingerprint: async () => ({ notes: `${rows.length} rows` }),
    settle: async () => undefined,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
