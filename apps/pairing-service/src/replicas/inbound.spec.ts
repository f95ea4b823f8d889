import fc from 'fast-check';
import { Inbound } from './inbound';

describe('what comes from another replica', () => {
  it('is handed on once and whole, however often and late its parts are repeated', () => {
    const message = fc.record({
      parts: fc.integer({ min: 1, max: 4 }),
      repeats: fc.array(fc.nat(3), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const inbound = new Inbound();
        const got: string[] = [];
        const sent: { n: number; part: number; parts: number }[] = [];
        const take = (piece: { n: number; part: number; parts: number }) =>
          inbound.take(piece, Buffer.from(`${piece.n}.${piece.part} `), (whole) =>
            got.push(whole.toString()),
          );
        for (const [i, { parts, repeats }] of messages.entries()) {
          for (let part = 0; part < parts; part += 1) {
            const piece = { n: i + 1, part, parts };
            sent.push(piece);
            expect(take(piece)).toEqual({});
            // Each of them was answered for, and that answer may have been lost.
            for (const back of repeats) expect(take(sent[Math.max(0, sent.length - 1 - back)]!)).toEqual({});
          }
        }
        expect(got).toEqual(
          messages.map(({ parts }, i) =>
            Array.from({ length: parts }, (_, part) => `${i + 1}.${part} `).join(''),
          ),
        );
      }),
    );
  });

  it('is refused when something before it is missing', () => {
    const inbound = new Inbound();
    const never = () => {
      throw new Error('handed on');
    };
    expect(inbound.take({ n: 2, part: 0, parts: 1 }, Buffer.from('x'), never)).toEqual({
      refused: 'OUT_OF_ORDER',
    });
    expect(inbound.take({ n: 1, part: 1, parts: 2 }, Buffer.from('x'), never)).toEqual({
      refused: 'OUT_OF_ORDER',
    });
  });
});
