import fc from 'fast-check';
import { evaluateCompare, isConsistent } from './evaluate-compare';
import { outcomeOf } from './reward';

const seen = (start: [number, number], end: [number, number]) => ({
  start: { left: start[0], right: start[1] },
  end: { left: end[0], right: end[1] },
});

describe('evaluate_compare_result', () => {
  it('is consistent when the totals are equal and what left one side arrived on the other', () => {
    expect(isConsistent(seen([3, 0], [1, 2]))).toBe(true);
    expect(isConsistent(seen([0, 2], [2, 0]))).toBe(true);
  });

  it('is not when an object appeared or vanished', () => {
    expect(isConsistent(seen([3, 0], [1, 1]))).toBe(false);
    expect(isConsistent(seen([3, 0], [3, 1]))).toBe(false);
  });

  it('sums |left change| over the cameras', () => {
    const views = { cam1: seen([3, 0], [1, 2]), cam2: seen([0, 1], [1, 0]), cam3: seen([2, 2], [2, 2]) };
    expect(evaluateCompare(['cam1', 'cam2', 'cam3'], views)).toEqual({
      abnormal: false,
      reason: undefined,
      successCount: 3,
    });
  });

  it('is abnormal as a whole when one camera is, and still sums the consistent ones', () => {
    const views = { cam1: seen([3, 0], [1, 2]), cam2: seen([3, 0], [0, 0]) };
    expect(evaluateCompare(['cam1', 'cam2'], views)).toEqual({
      abnormal: true,
      reason: 'NOT_CONSERVED',
      successCount: 2,
    });
  });

  it('is abnormal when a camera that was sent has no counts, or half of them', () => {
    const views = { cam1: seen([1, 0], [0, 1]), cam2: { start: { left: 1, right: 0 } } };
    expect(evaluateCompare(['cam1', 'cam2'], views).reason).toBe('CAMERA_UNREADABLE');
    expect(evaluateCompare(['cam1', 'cam3'], views).reason).toBe('CAMERA_UNREADABLE');
    expect(evaluateCompare([], {}).abnormal).toBe(true);
  });
});

describe('rewards', () => {
  it('are 100 points an object when nothing is amiss and something was moved', () => {
    expect(outcomeOf({ abnormal: false, reason: undefined, successCount: 3 })).toEqual({
      status: 'success',
      rewardPoints: 300,
    });
  });

  it('are none when the result is abnormal or nothing was moved', () => {
    expect(outcomeOf({ abnormal: true, reason: 'NOT_CONSERVED', successCount: 3 })).toEqual({
      status: 'failed',
      rewardPoints: 0,
    });
    expect(outcomeOf({ abnormal: false, reason: undefined, successCount: 0 }).status).toBe('failed');
  });

  it('are never more than what the left side of consistent cameras changed by', () => {
    const count = fc.nat(20);
    const counts = fc.record({ left: count, right: count });
    const camera = fc.record({ start: counts, end: counts });
    fc.assert(
      fc.property(fc.array(camera, { minLength: 1, maxLength: 4 }), (cameras) => {
        const views = Object.fromEntries(cameras.map((value, index) => [`cam${index}`, value]));
        const { rewardPoints } = outcomeOf(evaluateCompare(Object.keys(views), views));
        const conserved = cameras.every(
          ({ start, end }) => start.left + start.right === end.left + end.right,
        );
        const moved = cameras.reduce((sum, { start, end }) => sum + Math.abs(end.left - start.left), 0);
        expect(rewardPoints).toBe(conserved ? 100 * moved : 0);
      }),
    );
  });
});
