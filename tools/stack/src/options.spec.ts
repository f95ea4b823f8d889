import { parseOptions } from './options';

describe('options of npm start', () => {
  it('are the demo on port 3000 in .data of the workspace by default', () => {
    expect(parseOptions([], {})).toMatchObject({
      demo: true,
      fresh: false,
      port: 3000,
      dataDir: expect.stringMatching(/\/\.data$/),
    });
  });

  it('are taken from the command line, before the environment', () => {
    const argv = ['--no-demo', '--fresh', '--port', '4000', '--data', '/tmp/x'];
    expect(parseOptions(argv, { PORT: '5000' })).toEqual({
      demo: false,
      fresh: true,
      port: 4000,
      dataDir: '/tmp/x',
      help: false,
    });
    expect(parseOptions([], { PORT: '5000', TELEOP_DATA_DIR: '/tmp/y' })).toMatchObject({
      port: 5000,
      dataDir: '/tmp/y',
    });
  });

  it.each(['0', '-1', '65001', '4000.5', 'x', ''])('refuse the port %j by name', (port) => {
    expect(() => parseOptions([`--port=${port}`], {})).toThrow(/--port must be a number/);
  });

  it.each([['--demo'], ['start'], ['--port']])('refuse %j with the usage', (...argv) => {
    expect(() => parseOptions(argv, {})).toThrow(/--no-demo/);
  });
});
