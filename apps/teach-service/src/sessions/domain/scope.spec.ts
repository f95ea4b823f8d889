import fc from 'fast-check';
import { grown, joined, NOWHERE, scopeOfState } from './scope';

const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 });
const scopes = fc.record({ nodeIds: ids, pathIds: ids });

describe('the scope of a teach lock', () => {
  it('grows to what both have, and to the same in whatever order it is said', () => {
    fc.assert(
      fc.property(scopes, scopes, scopes, (start, one, other) => {
        const led = [one, other].reduce((scope, by) => grown(scope, by) ?? scope, joined(start));
        expect(led).toEqual([other, one].reduce((scope, by) => grown(scope, by) ?? scope, joined(start)));
        expect(led).toEqual(joined(start, one, other));
        expect(grown(led, one)).toBeUndefined();
      }),
    );
  });

  it('does not grow beyond what a lock takes', () => {
    const nodeIds = Array.from({ length: 1_000 }, (_, n) => `n${n}`);
    expect(grown(joined({ nodeIds, pathIds: [] }), { nodeIds: ['one more'], pathIds: [] })).toBeUndefined();
  });

  it('is where the robot says it is and is led', () => {
    expect(scopeOfState({})).toEqual(NOWHERE);
    expect(scopeOfState({ nodeId: 'a', corridor: { nodeIds: ['b'], pathIds: ['p'] } })).toEqual({
      nodeIds: ['b', 'a'],
      pathIds: ['p'],
    });
  });
});
