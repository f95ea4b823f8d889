import { createHmac } from 'node:crypto';
import { userIdOf } from './people';

const VALID_S = 4 * 3_600;

/** A user's JWT, RFC 7519, signed with HS256. */
export function operatorToken(secret: string, number: number): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: userIdOf(number), name: `driver-${number}`, role: 'Operator', exp: now + VALID_S };
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${signature}`;
}
