import { collectGarbage } from '@teleop/testing';
import { deadline } from './deadline';

describe('a deadline', () => {
  it('aborts what it is a part of, also when nothing else holds it', async () => {
    const stopping = new AbortController();
    const ended = new Promise<unknown>((resolve) => {
      const signal = AbortSignal.any([deadline(20), stopping.signal]);
      signal.addEventListener('abort', () => resolve(signal.reason));
    });
    collectGarbage();
    expect(await ended).toMatchObject({ name: 'TimeoutError', message: 'not done within 20 ms' });
  });
});
