import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { AcceptedMacs } from './accepted-macs';

const mac = (text: string) => createHash('sha256').update(text).digest();

describe('HMACs that were accepted', () => {
  it('are known again under every number that begins with theirs', () => {
    const macs = new AcceptedMacs();
    for (let seq = 1; seq <= 200; seq += 1) macs.remember(mac(`${seq}`));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 99_999 }), (seq, digits) => {
        expect(macs.isRepeated(Number(`${seq}${digits}`), mac(`${seq}`))).toBe(true);
      }),
    );
  });

  it('stand in no honest message’s way', () => {
    const macs = new AcceptedMacs();
    for (let seq = 1; seq <= 3_000; seq += 1) {
      expect(macs.isRepeated(seq, mac(`${seq}`))).toBe(false);
      macs.remember(mac(`${seq}`));
    }
  });

  it('take no more room than they may', () => {
    const macs = new AcceptedMacs();
    const one = mac('x');
    for (let seq = 1; seq <= 100_010; seq += 1) macs.remember(one);
    expect(macs.isRepeated(1_000_000, one)).toBe(true);
  });
});
