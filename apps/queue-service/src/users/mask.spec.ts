import fc from 'fast-check';
import { maskEmail, maskValue } from './mask';

/** Stars of the value's own would be taken for the mask's. */
const withoutStars = (unit: 'grapheme' | 'grapheme-ascii') =>
  fc.string({ unit, minLength: 1, maxLength: 60 }).filter((text) => !text.includes('*'));

describe('masking', () => {
  it('keeps at most the first 2 and last 4 characters', () => {
    fc.assert(
      fc.property(withoutStars('grapheme'), (value) => {
        const [head, tail] = maskValue(value).split('****') as [string, string];
        return (
          [...head].length <= 2 && [...tail].length <= 4 && value.startsWith(head) && value.endsWith(tail)
        );
      }),
    );
  });

  it('hides at least half of what is there', () => {
    fc.assert(
      fc.property(withoutStars('grapheme-ascii'), (value) => {
        const kept = maskValue(value).replace('****', '').length;
        return kept <= value.length / 2;
      }),
    );
  });

  it.each([
    ['0x1234567890abcdef', '0x****cdef'],
    ['abc', '****'],
    ['', '****'],
  ])('shows %p as %p', (value, masked) => expect(maskValue(value)).toBe(masked));

  it('keeps an email’s domain', () => {
    expect(maskEmail('somebody.long@example.org')).toBe('so****ong@example.org');
    expect(maskEmail('a@b.c')).toBe('****@b.c');
    expect(maskEmail('no address at all')).toBe('no**** all');
  });
});
