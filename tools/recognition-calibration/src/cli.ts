import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  calibrationOf,
  ConfidenceScale,
  ENGINE_DEFAULTS,
  startEngine,
  type EngineSettings,
} from '@teleop/recognition-service';
import { calibrate } from './calibrate';
import { classRounds } from './class-rounds';
import { readPhotos } from './people';
import { recallAt } from './recall';
import { rocCsv, rocSvg } from './roc-files';

const USAGE = `recognition-calibration [folder]     a folder a person, photographs in it (default FACES_DIR)
  --out FOLDER       writes recognition-roc.csv and recognition-roc.svg
  --detector D       default, or onnx:<file>
  --model M          default, or onnx:<file>
  --recall SIZES     pixels, comma-separated; empty: not measured (default 20,25,30,35,40,45,60,90,150)
  --cache FOLDER     of converted models (default .data/models)
Half of the people say where the threshold is, the other half how good that is. Exit code: 0 measured, 2 not.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      detector: { type: 'string', default: 'default' },
      model: { type: 'string', default: 'default' },
      recall: { type: 'string', default: '20,25,30,35,40,45,60,90,150' },
      cache: { type: 'string', default: ENGINE_DEFAULTS.modelCache },
      help: { type: 'boolean', default: false },
    },
  });
  const folder = positionals[0] ?? process.env['FACES_DIR'];
  if (values.help) return console.log(USAGE);
  if (folder === undefined) throw new Error(`which photographs?\n${USAGE}`);
  const settings: EngineSettings = {
    ...ENGINE_DEFAULTS,
    detector: values.detector,
    embeddingModel: values.model,
    modelCache: path.resolve(values.cache),
    threads: 1,
  };
  const engine = await startEngine(settings);
  try {
    const { info } = engine;
    console.log(`${info.model.name} ${info.model.version}, ${info.detector}, on ${info.backend}`);
    const photos = await readPhotos(engine, folder);
    const result = calibrate(photos);
    result.lines.forEach((line) => console.log(line));
    printClasses(photos, info.model.name);
    for (const size of values.recall.split(',').filter(Boolean).map(Number)) {
      const { faces, found, others, embedded } = await recallAt(engine, photos, size, 240);
      const share = (count: number): string => `${((100 * count) / faces).toFixed(1)} %`;
      console.log(
        `${size} px: found ${share(found)} of ${faces}, passed the gate ${share(embedded)}, elsewhere ${others}`,
      );
    }
    if (values.out !== undefined) {
      mkdirSync(values.out, { recursive: true });
      writeFileSync(path.join(values.out, 'recognition-roc.csv'), rocCsv(result.curves));
      writeFileSync(path.join(values.out, 'recognition-roc.svg'), rocSvg(result.curves));
    }
  } finally {
    await engine.close();
  }
}

function printClasses(photos: Parameters<typeof classRounds>[0], model: string): void {
  const calibration = calibrationOf(model);
  for (const enrolled of [1, 2]) {
    for (const students of [10, 20, 40]) {
      for (const margin of [0, new ConfidenceScale(calibration, 1).margin]) {
        const options = { students, photos: enrolled, margin, confidence: 0.5, rounds: 40 };
        const { found, takenForAnother, strangersTakenIn } = classRounds(photos, calibration, options);
        const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
        console.log(
          `class of ${students}, ${enrolled} photos, margin ${margin}: found ${percent(found)}, taken for another ` +
            `${percent(takenForAnother)}, strangers taken in ${percent(strangersTakenIn)}`,
        );
      }
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
