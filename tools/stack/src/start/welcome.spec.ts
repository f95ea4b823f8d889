import type { Stack } from '../types';
import { welcome } from './welcome';

const stack = {
  gateway: 'http://127.0.0.1:3000',
  services: { 'api-gateway': ['http://127.0.0.1:3000'], 'queue-service': ['http://127.0.0.1:3101'] },
} as unknown as Stack;
const user = {
  userId: 'b7b5c0de-0000-4000-8000-000000000001',
  name: 'Ada',
  hashCode: 'hash-1',
  role: 'Admin',
};

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
    // There is no robot-gateway here, so no table to send.
    expect(text).not.toContain('table2');
  });

  it('send a table robot somewhere, as somebody who may', () => {
    const services = { ...stack.services, 'robot-gateway': ['http://127.0.0.1:3104'] };
    const withRobots = { ...stack, services };
    const text = welcome(withRobots, '/data', user, 1);
    expect(text).toContain(`| sed 's/.*"token":"\\([^"]*\\).*/\\1/')`);
    expect(text).toContain(`'http://127.0.0.1:3000/routes?robotId=table2' -H "Authorization: Bearer $JWT"`);
    expect(text).toContain(`curl -sS 'http://127.0.0.1:3000/status?robotId=table2'`);
    expect(welcome(withRobots, '/data', { ...user, role: 'Viewer' }, 1)).not.toContain('table2');
  });

  it('leave the shell lines out when there is nobody to join as', () => {
    expect(welcome(stack, '/data', null, 1)).not.toContain('curl');
  });
});
