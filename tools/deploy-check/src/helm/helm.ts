import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What templates see as the cluster's version. */
const KUBERNETES = '1.31.0';
const RELEASE = ['teleop', '--namespace', 'teleop'];
/** APIs of the operators that the chart's values may ask for. */
const APIS = ['monitoring.coreos.com/v1', 'postgresql.cnpg.io/v1'];
const MAX_OUTPUT = 32 * 1024 * 1024;

/** helm on one chart. Every failure is an Error that holds what helm said. */
export class Helm {
  constructor(
    private readonly executable: string,
    private readonly chart: string,
  ) {}

  /** `helm lint --strict`: warnings count. */
  async lint(valuesFile: string): Promise<void> {
    await this.run(['lint', this.chart, '--strict', '--values', valuesFile]);
  }

  /** The manifests as an upgrade would send them, hooks included. `set`: more values, as of `--set`. */
  template(valuesFile: string, set: readonly string[] = []): Promise<string> {
    return this.run([
      'template',
      ...RELEASE,
      this.chart,
      '--kube-version',
      KUBERNETES,
      ...APIS.flatMap((api) => ['--api-versions', api]),
      '--values',
      valuesFile,
      ...set.flatMap((value) => ['--set', value]),
    ]);
  }

  private async run(args: string[]): Promise<string> {
    try {
      // Nothing of the caller's own helm set-up may take part.
      const env = { PATH: process.env['PATH'], HOME: '/nonexistent', HELM_NO_PLUGINS: '1' };
      return (await run(this.executable, args, { maxBuffer: MAX_OUTPUT, env })).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`helm ${args[0]} failed:\n${`${stdout}${stderr}`.trim() || String(error)}`, {
        cause: error,
      });
    }
  }
}
