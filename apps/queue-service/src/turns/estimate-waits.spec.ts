import { estimateWaits } from './estimate-waits';

const active = (left: number) => ({ status: 'active' as const, remaining_seconds: left });
const waiting = { status: 'waiting' as const, remaining_seconds: null };

describe('the estimated wait', () => {
  it('is what is left of the turn under way plus a usual turn for everybody in between', () => {
    expect(estimateWaits([active(100), waiting, waiting, waiting], false, 200)).toEqual([0, 100, 300, 500]);
  });

  it('starts at once for the first in line of a free robot', () => {
    expect(estimateWaits([waiting, waiting], true, 120)).toEqual([0, 120]);
  });

  it('is unknown when the robot is taken but nobody is on it', () => {
    expect(estimateWaits([waiting, waiting], false, 120)).toEqual([null, null]);
  });

  it('is empty for an empty queue', () => expect(estimateWaits([], true, 300)).toEqual([]));
});
