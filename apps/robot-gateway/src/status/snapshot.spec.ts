import { Snapshot } from './snapshot';

/** A socket that takes what it is sent only when it is told to. */
class SlowSocket {
  readonly sent: string[] = [];
  bufferedAmount = 0;
  readonly #callbacks: (() => void)[] = [];

  send(data: Buffer, _options: object, sent: (error?: Error | null) => void): void {
    this.sent.push(data.toString('utf8', 0, 2));
    this.bufferedAmount += data.length;
    this.#callbacks.push(() => {
      this.bufferedAmount -= data.length;
      sent(null);
    });
  }

  take(): void {
    this.#callbacks.shift()?.();
  }
}

describe('Snapshot', () => {
  const robotIds = Array.from({ length: 50 }, (_, index) => String(index).padStart(2, '0'));

  it('encodes no more than the watcher takes, and everything in the end, once', () => {
    const socket = new SlowSocket();
    let encoded = 0;
    const snapshot = new Snapshot(socket, robotIds, (robotId) => {
      encoded += 1;
      return Buffer.from(robotId.padEnd(60_000));
    });
    const done = jest.fn();
    snapshot.send(done);
    expect(encoded).toBe(3);
    expect([snapshot.waits('00'), snapshot.waits('49')]).toEqual([false, true]);
    expect(done).not.toHaveBeenCalled();
    for (let taken = 0; taken < 100; taken += 1) {
      socket.take();
      expect(socket.bufferedAmount).toBeLessThan(256 * 1_024);
    }
    expect(socket.sent).toEqual(robotIds);
    expect(done).toHaveBeenCalledTimes(1);
    expect(snapshot.waits('49')).toBe(false);
  });

  it('sends a small fleet at once', () => {
    const socket = new SlowSocket();
    const done = jest.fn();
    new Snapshot(socket, robotIds, (robotId) => Buffer.from(robotId)).send(done);
    expect(socket.sent).toEqual(robotIds);
    expect(done).toHaveBeenCalledTimes(1);
  });
});
