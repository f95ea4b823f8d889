import { Worker } from 'node:worker_threads';

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface YamlFault extends Partial<Place> {
  readonly message: string;
}

export interface YamlReading {
  /** Undefined when there are faults. */
  readonly value?: unknown;
  readonly faults: readonly YamlFault[];
  /** Where the wanted paths are in the text; the nearest that is there for one that is not. */
  readonly places: readonly (Place | null)[];
}

/**
 * The library takes seconds for a large map, in which this process could stop no robot: so it works in a thread of its own.
 * As text, because a thread loads JavaScript and this file may be TypeScript.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { LineCounter, parseDocument } = require(workerData.library);
  const lines = new LineCounter();
  const place = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const placeOf = (document, path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (node && node.range) return place(node.range[0]);
    }
    return null;
  };
  try {
    const document = parseDocument(workerData.text, { lineCounter: lines, prettyErrors: false });
    const faults = document.errors.map(({ message, pos }) => ({ message, ...place(pos[0]) }));
    const value = faults.length === 0 ? document.toJS({ maxAliasCount: 1000 }) : undefined;
    const places = faults.length === 0 ? workerData.paths.map((path) => placeOf(document, path)) : [];
    parentPort.postMessage({ value, faults, places });
  } catch (error) {
    // Nested too deeply, too many aliases: what the library throws rather than collects.
    parentPort.postMessage({ faults: [{ message: String(error && error.message) }], places: [] });
  }
`;

/** Reads YAML (and so JSON) text. Never throws for what the text says; gives up after `timeoutMs`. */
export async function readYaml(
  text: string,
  paths: readonly (readonly (string | number)[])[],
  timeoutMs: number,
): Promise<YamlReading> {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { text, paths, library: require.resolve('yaml') },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<YamlReading>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the reading thread ended without an answer')));
      timer = setTimeout(
        () => resolve({ faults: [{ message: `takes more than ${timeoutMs} ms to read` }], places: [] }),
        timeoutMs,
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
