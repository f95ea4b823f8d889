import { parseOptions } from './options';

describe('the options of the benchmark', () => {
  const parse = (...args: string[]) => parseOptions(args, ['queue', 'drive']);

  it('are scenarios by name, in any order with the switches', () => {
    expect(parse('drive', '--quick', 'queue', '--json', 'out.json')).toEqual({
      scenarios: ['drive', 'queue'],
      quick: true,
      json: 'out.json',
      help: false,
    });
  });

  it('name what can be run when something is not known', () => {
    expect(() => parse('quue')).toThrow('Unknown: quue. Scenarios: queue, drive.');
    expect(() => parse('--json')).toThrow('--json needs a file name');
  });
});
