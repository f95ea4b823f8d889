const DELIMITER = 9;
const PARAMETER_SETS = new Set([7, 8]);

/** NAL units of one frame, without start codes. */
export type AccessUnit = readonly Buffer[];

export const nalType = (nal: Buffer): number => nal[0]! & 0x1f;

/** H.264 as a file has it (ITU-T H.264 annex B), frame by frame. Throws when a frame has no delimiter in front. */
export function accessUnits(stream: Buffer): AccessUnit[] {
  const units: Buffer[][] = [];
  for (const nal of nalUnits(stream)) {
    if (nalType(nal) === DELIMITER) units.push([]);
    else {
      const unit = units.at(-1);
      if (unit === undefined) throw new Error('an H.264 stream without access unit delimiters');
      unit.push(nal);
    }
  }
  return units;
}

/** The sequence and picture parameter sets of the first frame, for the session description. */
export function parameterSets(units: readonly AccessUnit[]): Buffer[] {
  return (units[0] ?? []).filter((nal) => PARAMETER_SETS.has(nalType(nal)));
}

function nalUnits(stream: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = afterStartCode(stream, 0);
  while (start !== undefined) {
    const mark = stream.indexOf('\0\0\x01', start, 'latin1');
    const end = mark < 0 ? stream.length : stream[mark - 1] === 0 ? mark - 1 : mark;
    found.push(stream.subarray(start, end));
    start = mark < 0 ? undefined : mark + 3;
  }
  return found;
}

function afterStartCode(stream: Buffer, from: number): number | undefined {
  const mark = stream.indexOf('\0\0\x01', from, 'latin1');
  return mark < 0 ? undefined : mark + 3;
}
