import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parsePrices } from '@teleop/vision-service';
import { evaluateSet } from './evaluate-set';
import { renderSet } from './set/render-set';

const DEFAULT_SET = path.join(__dirname, '..', 'frames');

const USAGE = `vision-eval [folder]                  runs a folder of labelled frames through a provider
  --base-url URL     a Responses API (default OPENAI_BASE_URL, else the provider's own)
  --fast M --strong M  models of attempt 1, and of attempts 2 and 3 (default VISION_MODEL_FAST, VISION_MODEL_STRONG)
  --prices LIST      model=input/output in US dollars per million tokens, comma-separated
  --concurrency N    calls at once (default 4)
  --json FILE        all figures and readings
vision-eval render <folder>           makes such a folder from the arm simulator's pictures
  --cases N --frames N --seed N
The key is OPENAI_API_KEY; without one the simulated model is measured. The default folder is the set of this repository.
Exit code: 0 measured, 1 something was overpaid, 2 it could not be run.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'base-url': { type: 'string', default: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' },
      fast: { type: 'string', default: process.env['VISION_MODEL_FAST'] ?? 'gpt-5.1-mini' },
      strong: { type: 'string', default: process.env['VISION_MODEL_STRONG'] ?? 'gpt-5.1' },
      prices: {
        type: 'string',
        default: process.env['VISION_PRICES'] ?? 'gpt-5.1-mini=0.25/2,gpt-5.1=1.25/10',
      },
      concurrency: { type: 'string', default: '4' },
      json: { type: 'string' },
      cases: { type: 'string', default: '18' },
      frames: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals[0] === 'render') {
    const folder = positionals[1];
    if (folder === undefined) throw new Error(`render where?\n${USAGE}`);
    const [cases, frames, seed] = [values.cases, values.frames, values.seed].map(Number) as [
      number,
      number,
      number,
    ];
    const labels = await renderSet(folder, { cases, frames, seed });
    console.log(`${labels.cases.length} turns in ${folder}`);
    return 0;
  }
  const result = await evaluateSet({
    folder: positionals[0] ?? DEFAULT_SET,
    apiKey: process.env['OPENAI_API_KEY'] || undefined,
    baseUrl: values['base-url'],
    models: { fast: values.fast, strong: values.strong },
    prices: parsePrices(values.prices.split(',').filter(Boolean)),
    concurrency: Number(values.concurrency),
    attemptTimeoutMs: 60_000,
    print: (line) => console.log(line),
  });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  return result.cases.overpaid > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
