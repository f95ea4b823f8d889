import { LineSplitter } from './line-splitter';

function split(...chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.flush();
  return lines;
}

describe('line splitter', () => {
  it('puts lines together over chunks, also where a chunk ends within a letter', () => {
    const bytes = Buffer.from('première ligne\nsecond\r\nlast');
    expect(
      split(bytes.subarray(0, 5), bytes.subarray(5, 6), bytes.subarray(6, 20), bytes.subarray(20)),
    ).toEqual(['première ligne', 'second', 'last']);
  });

  it('does not keep a line without end in memory', () => {
    const lines = split(...Array.from({ length: 5 }, () => Buffer.alloc(100 * 1024, 'x')));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).toHaveLength(500 * 1024);
  });
});
