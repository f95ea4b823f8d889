import { Sightings, WINDOW } from './sightings';

describe('sightings', () => {
  it('count a student at once when one look is enough', () => {
    expect(new Sightings(1).found(1, 1, 0)).toBe(true);
  });

  it('count a student in the second of the last looks of one camera', () => {
    const sightings = new Sightings(2);
    expect(sightings.found(1, 1, 0)).toBe(false);
    expect(sightings.found(1, 3, 0)).toBe(true);
  });

  it('do not add up over cameras, over students, or over looks that are long ago', () => {
    const sightings = new Sightings(2);
    expect(sightings.found(1, 1, 0)).toBe(false);
    expect(sightings.found(2, 1, 0)).toBe(false);
    expect(sightings.found(1, 2, 1)).toBe(false);
    expect(sightings.found(1, 1 + WINDOW, 0)).toBe(false);
  });

  it('take two faces of one look for one', () => {
    const sightings = new Sightings(2);
    expect(sightings.found(1, 1, 0)).toBe(false);
    expect(sightings.found(1, 1, 0)).toBe(false);
  });
});
