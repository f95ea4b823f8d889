import { Bell } from './bell';

describe('a bell', () => {
  const never = new AbortController().signal;

  it('wakes who waits', async () => {
    const bell = new Bell();
    const waiting = bell.wait(0, never);
    bell.ring();
    await waiting;
  });

  it('keeps a ring for who comes later, once', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.wait(0, never);
    let woken = false;
    const waiting = bell.wait(0, never).then(() => (woken = true));
    await new Promise(setImmediate);
    expect(woken).toBe(false);
    bell.ring();
    await waiting;
  });

  it('lets go when the signal says so, and after a time', async () => {
    const over = new AbortController();
    const waiting = new Bell().wait(0, over.signal);
    over.abort();
    await waiting;
    await new Bell().wait(1, never);
    await new Bell().wait(0, over.signal);
  });
});
