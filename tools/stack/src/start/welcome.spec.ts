import type { Stack } from '../types';
import { welcome } from './welcome';

const stack = {
  gateway: 'http://127.0.0.1:3000',
  services: { 'api-gateway': ['http://127.0.0.1:3000'], 'queue-service': ['http://127.0.0.1:3101'] },
} as unknown as Stack;
const user = { userId: 'b7b5c0de-0000-4000-8000-000000000001', name: 'Ada', hashCode: 'hash-1' };

describe('the last lines of a start', () => {
  it('name every service and hold lines that can be pasted into a shell', () => {
    const text = welcome(stack, '/data', user, 4_321);
    expect(text).toMatch(/Ready in 4\.3 s/);
    expect(text).toMatch(/queue-service +http:\/\/127\.0\.0\.1:3101/);
    expect(text).toContain(
      `curl -sS http://127.0.0.1:3000/queue/join -H 'Authorization: Bearer hash-1' -H 'Content-Type: application/json' ` +
        `-d '{"userId":"${user.userId}","robotId":"arm1"}'`,
    );
    for (const path of ['/queue/arm1', '/queue/control-token', '/tele_op/leaderboard'])
      expect(text).toContain(path);
  });

  it('leave the shell lines out when there is nobody to join as', () => {
    expect(welcome(stack, '/data', null, 1)).not.toContain('curl');
  });
});
