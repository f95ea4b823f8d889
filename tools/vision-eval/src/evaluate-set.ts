import type { Prices } from '@teleop/vision-service';
import { judgeCases, type JudgedCase } from './measure/judge-cases';
import { openProvider } from './measure/provider';
import { readFrames, type SideReadings } from './measure/read-frames';
import { caseFigures, frameFigures, type CaseFigures, type FrameFigures } from './report/figures';
import { callsReport, casesReport, framesReport } from './report/print';
import { loadSet } from './set/load-set';

export interface EvaluateOptions {
  readonly folder: string;
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly models: { readonly fast: string; readonly strong: string };
  readonly prices: Prices;
  readonly concurrency: number;
  readonly attemptTimeoutMs: number;
  readonly print: (line: string) => void;
}

export interface EvaluateResult {
  readonly provider: string;
  readonly frames: Readonly<Record<string, FrameFigures>>;
  readonly cases: CaseFigures;
  readonly readings: Readonly<Record<string, readonly SideReadings[]>>;
  readonly judged: readonly JudgedCase[];
}

/** Everything that is asked of a provider: each frame by itself with both models, then whole evaluations. */
export async function evaluateSet(options: EvaluateOptions): Promise<EvaluateResult> {
  const { folder, models, prices, print } = options;
  const cases = await loadSet(folder);
  const provider = await openProvider(options);
  const { model } = provider;
  try {
    print(`${cases.length} turns of ${folder}, by ${provider.name}\n`);
    const readings: Record<string, SideReadings[]> = {};
    for (const name of new Set([models.fast, models.strong])) {
      const { sides, usage } = await readFrames(cases, { model, name, prices });
      readings[name] = sides;
      print([...framesReport(name, sides, usage.cost_usd), ''].join('\n'));
    }
    const judged = await judgeCases(cases, {
      model,
      models,
      prices,
      attemptTimeoutMs: options.attemptTimeoutMs,
    });
    print([...casesReport(judged), '', ...callsReport(provider.calls)].join('\n'));
    const frames = Object.fromEntries(
      Object.entries(readings).map(([name, sides]) => [name, frameFigures(sides)]),
    );
    return { provider: provider.name, frames, cases: caseFigures(judged), readings, judged };
  } finally {
    await provider.stop();
  }
}
