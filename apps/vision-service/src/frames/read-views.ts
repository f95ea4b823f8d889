import { isCameraName } from '@teleop/contracts';
import { SIDES, type Side } from '../judging/counts';
import { decodeFrame, isFrame } from './decode-frame';
import { frameLane } from './frame-lane';
import { FrameText } from './frame-text';
import { MAX_FRAMES, type Frame, type MultiViews } from './frame';

export interface FrameFault {
  /** `views.cam1.start[2]` */
  readonly path: string;
  readonly message: string;
}

const NAMES =
  'names of cameras must be 1-64 characters, none of them a control character, and not __proto__, constructor or prototype';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FrameText);

function listOf(value: unknown): readonly unknown[] {
  // A single frame is a list of one (source: _normalize_views).
  return Array.isArray(value) ? (value as unknown[]).slice(0, MAX_FRAMES) : [value];
}

async function readFrame(value: unknown, path: string): Promise<Frame | FrameFault> {
  if (!(value instanceof FrameText) && typeof value !== 'string') {
    return { path, message: `${path} must be a base64 string` };
  }
  const decoded =
    value instanceof FrameText
      ? await frameLane.run(value.length, () => decodeFrame(value.read()))
      : // What is not ASCII becomes bytes that no base64 has.
        decodeFrame(Buffer.from(value, 'utf8'));
  return isFrame(decoded) ? decoded : { path, message: `${path} ${decoded.fault}` };
}

async function readSide(
  camera: Record<string, unknown>,
  side: Side,
  path: string,
  faults: FrameFault[],
): Promise<Frame[]> {
  const value = camera[side];
  if (value === undefined || value === null) {
    faults.push({ path, message: `${path} is missing: a camera needs both start and end` });
    return [];
  }
  const list = listOf(value);
  if (list.length === 0) faults.push({ path, message: `${path} must hold at least one frame` });
  const frames: Frame[] = [];
  for (const [index, item] of list.entries()) {
    const frame = await readFrame(item, Array.isArray(value) ? `${path}[${index}]` : path);
    if ('path' in frame) faults.push(frame);
    else frames.push(frame);
  }
  return frames;
}

/** The source's `_normalize_views`, with every fault by camera and side. Frames after the fifth are not looked at. */
export async function readViews(
  views: Readonly<Record<string, unknown>>,
  maxCameras: number,
): Promise<{ ok: true; views: MultiViews } | { ok: false; faults: FrameFault[] }> {
  const faults: FrameFault[] = [];
  const read = new Map<string, Record<Side, readonly Frame[]>>();
  const cameras = Object.entries(views);
  if (cameras.length === 0) faults.push({ path: 'views', message: 'views must hold at least one camera' });
  if (cameras.length > maxCameras) {
    return {
      ok: false,
      faults: [{ path: 'views', message: `views must hold at most ${maxCameras} cameras` }],
    };
  }
  for (const [name, camera] of cameras) {
    const path = `views.${name}`;
    if (!isCameraName(name)) faults.push({ path: 'views', message: NAMES });
    else if (!isObject(camera)) {
      faults.push({ path, message: `${path} must be an object with start and end` });
    } else {
      const sides: Record<Side, readonly Frame[]> = { start: [], end: [] };
      for (const side of SIDES) sides[side] = await readSide(camera, side, `${path}.${side}`, faults);
      read.set(name, sides);
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, views: read };
}
