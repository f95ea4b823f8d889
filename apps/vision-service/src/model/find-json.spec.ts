import fc from 'fast-check';
import { countsOf, pairOf } from './answers';
import { findAnswer } from './find-json';

const counts = (text: string) => findAnswer(text, countsOf);

describe('the answer in what a model wrote', () => {
  it.each([
    ['as it should be', '{"left": 2, "right": 1}'],
    ['with white space', ' \n{"left":2,\n"right":1}\n'],
    ['with words around it', 'I count {"left": 2, "right": 1} dolls.'],
    ['in a code fence', '```json\n{"left": 2, "right": 1}\n```'],
    ['after braces that are none', 'In {the box} I see {"left": 2, "right": 1}'],
    ['with more than was asked for', '{"left": 2, "right": 1, "confidence": 0.9}'],
    [
      'beside an object of another shape',
      '{"result": {"left": 9, "right": 9}} that is {"left": 2, "right": 1}',
    ],
    ['said twice alike', '{"left":2,"right":1} so {"right":1,"left":2}'],
    ['after a text with a brace in it', '{"note":"a } b"} {"left": 2, "right": 1}'],
  ])('is found %s', (_, text) => {
    expect(counts(text)).toEqual({ left: 2, right: 1 });
  });

  it.each([
    ['nothing', ''],
    ['words', 'two on the left, one on the right'],
    ['two different answers', '{"left": 2, "right": 1} or {"left": 1, "right": 2}'],
    ['a number as a text', '{"left": "2", "right": 1}'],
    ['half a doll', '{"left": 1.5, "right": 1}'],
    ['less than none', '{"left": -1, "right": 1}'],
    ['more than a tray holds', '{"left": 101, "right": 1}'],
    ['one side alone', '{"left": 2}'],
    ['a list', '[2, 1]'],
    ['an answer that was cut off', '{"left": 2, "righ'],
    ['JSON of another shape', '{"start": {"left": 2, "right": 1}}'],
  ])('is not taken from %s', (_, text) => {
    expect(counts(text)).toBeUndefined();
  });

  it('of a pair needs both pictures and what was moved', () => {
    const pair = {
      start: { left: 1, right: 0 },
      end: { left: 0, right: 1 },
      moved: { l_to_r: 1, r_to_l: 0 },
    };
    expect(findAnswer(JSON.stringify(pair), pairOf)).toEqual(pair);
    const { moved: _moved, ...rest } = pair;
    expect(findAnswer(JSON.stringify(rest), pairOf)).toBeUndefined();
    expect(findAnswer(JSON.stringify({ ...pair, end: null }), pairOf)).toBeUndefined();
  });

  it('is found in any words, and nothing is ever thrown', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const words = (text: string) => text.replace(/[{}"\\]/g, '');
        expect(counts(`${words(before)}{"left": 2, "right": 1}${words(after)}`)).toEqual({
          left: 2,
          right: 1,
        });
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', 'a', ':') }),
        (text) => void counts(text),
      ),
    );
  });
});
