import type { Frame, MultiViews } from '../frames/frame';
import type { FrameNote, FrameNotes } from './evaluation';

async function note({ kind, sizeBytes, sha256 }: Frame): Promise<FrameNote> {
  return { kind, bytes: sizeBytes, sha256: await sha256 };
}

/** What an auditor needs to tell whether pictures that turn up later are the ones that were looked at. */
export async function noteFrames(views: MultiViews): Promise<FrameNotes> {
  const entries = await Promise.all(
    [...views].map(async ([camera, { start, end }]) => {
      const [notedStart, notedEnd] = await Promise.all([
        Promise.all(start.map(note)),
        Promise.all(end.map(note)),
      ]);
      return [camera, { start: notedStart, end: notedEnd }] as const;
    }),
  );
  return Object.fromEntries(entries);
}
