import { checkMap, type CheckedMap, type MapFault, type MapLimits } from './domain/check-map';
import { readYaml, type Place } from './yaml-thread';

export interface ReadOptions extends MapLimits {
  readonly timeoutMs: number;
}

/** A map from JSON or YAML text; every fault says where it is, in the map and in the text. */
export async function readMapText(text: string, options: ReadOptions): Promise<CheckedMap> {
  let value = fromJson(text);
  if (value === undefined) {
    const reading = await readYaml(text, [], options.timeoutMs);
    const [first] = reading.faults;
    if (first !== undefined) {
      return {
        ok: false,
        faults: reading.faults.slice(0, 10).map((fault) => placed('', fault.message, fault)),
      };
    }
    value = reading.value;
  }
  const checked = checkMap(value, options);
  if (checked.ok) return checked;
  const paths = checked.faults.map(({ path }) => stepsOf(path));
  const { places } = await readYaml(text, paths, options.timeoutMs);
  return {
    ok: false,
    faults: checked.faults.map(({ path, message }, index) => placed(path, message, places[index] ?? {})),
  };
}

/** The quick way, for what is JSON; undefined for everything else. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It may be YAML; that reader says what is wrong, and where.
    return undefined;
  }
}

function placed(path: string, message: string, { line, column }: Partial<Place>): MapFault {
  return { path, message: line === undefined ? message : `${message} (line ${line}, column ${column})` };
}

function stepsOf(path: string): (string | number)[] {
  return path === '' ? [] : path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
