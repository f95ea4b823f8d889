import { manualFrames, sessionFrames } from './frame-kinds';

describe.each([
  ['session', sessionFrames],
  ['manual', manualFrames],
])('%s frames of the load', (_, make) => {
  it('tell when they were sent', () => {
    const kind = make();
    const frames = [1.5, 2.25, 1e7].map((now) => [now, Buffer.from(kind.frame(now))] as const);
    for (const [now, data] of frames) expect(kind.sentAt(data)).toBe(now);
  });

  it('are not taken for the gateway’s own', () => {
    const kind = make();
    kind.frame(1);
    const stop =
      '{"command":"DRIVE_COMMAND","linear_velocity":0,"angular_velocity":0,"lease":{"epoch":1,"seq":1}}';
    const lease = '{"type":"lease","lease":{"epoch":1,"seq":0},"state":"granted"}';
    for (const text of [stop, lease, '{}', '']) expect(kind.sentAt(Buffer.from(text))).toBeUndefined();
  });
});

describe('manual frames of the load', () => {
  it('are told apart after they went through the gateway, all the way round', () => {
    const kind = manualFrames();
    for (let now = 1; now <= 100_000; now += 1) {
      const asked = JSON.parse(kind.frame(now)) as { linear_velocity: number };
      if (now % 997 > 0 && now < 99_990) continue;
      expect(asked.linear_velocity).toBeGreaterThan(0);
      const written = `{"command":"DRIVE_COMMAND","linear_velocity":${asked.linear_velocity},"angular_velocity":0}`;
      expect(kind.sentAt(Buffer.from(written))).toBe(now);
    }
  });
});
