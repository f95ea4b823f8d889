import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { Heartbeat } from './heartbeat';

const INTERVAL_MS = 15_000;

class Socket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly pings: number[] = [];
  terminated = false;

  constructor(private readonly answers: boolean) {
    super();
  }

  ping(): void {
    this.pings.push(performance.now());
    if (this.answers) setTimeout(() => this.emit('pong'), 5);
  }

  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

describe('the heartbeat of WebSockets', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function setup(sockets: readonly Socket[]) {
    const [lost, answered] = [jest.fn(), jest.fn()];
    const heartbeat = new Heartbeat(INTERVAL_MS, lost, answered);
    for (const socket of sockets) heartbeat.watch(socket as unknown as WebSocket, '/ws');
    return { heartbeat, lost, answered };
  }

  it('pings each once an interval, and few at the same moment', () => {
    const sockets = Array.from({ length: 2_000 }, () => new Socket(true));
    const { heartbeat, answered } = setup(sockets);
    jest.advanceTimersByTime(INTERVAL_MS * 3 + 100);
    heartbeat.stop();
    const moments = new Map<number, number>();
    for (const { pings } of sockets) {
      expect(pings.length).toBeGreaterThanOrEqual(3);
      expect(pings.length).toBeLessThanOrEqual(4);
      for (const at of pings) moments.set(at, (moments.get(at) ?? 0) + 1);
      expect(pings[1]! - pings[0]!).toBeCloseTo(INTERVAL_MS, -2);
    }
    expect(Math.max(...moments.values())).toBeLessThan(20);
    expect(answered.mock.calls[0]![1]).toBeCloseTo(0.005, 3);
  });

  it('cuts off who does not answer, within two intervals', () => {
    const [silent, well] = [new Socket(false), new Socket(true)];
    const { heartbeat, lost } = setup([silent, well]);
    jest.advanceTimersByTime(INTERVAL_MS * 2 + 100);
    expect(silent.terminated).toBe(true);
    expect(well.terminated).toBe(false);
    expect(lost).toHaveBeenCalledTimes(1);
    expect([...heartbeat.sockets]).toEqual([well]);
    heartbeat.stop();
  });

  it('does not cut anybody off because it was held up itself', () => {
    const socket = new Socket(false);
    const { heartbeat, lost } = setup([socket]);
    jest.advanceTimersByTime(INTERVAL_MS + 100);
    expect(socket.pings).toHaveLength(1);
    const now = performance.now.bind(performance);
    const held = jest.spyOn(performance, 'now').mockImplementation(() => now() + INTERVAL_MS * 1.5);
    jest.advanceTimersByTime(20);
    expect(lost).not.toHaveBeenCalled();
    // Its answer was there all along.
    socket.emit('pong');
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(lost).not.toHaveBeenCalled();
    expect(socket.pings).toHaveLength(2);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(lost).toHaveBeenCalledTimes(1);
    held.mockRestore();
    heartbeat.stop();
  });
});
