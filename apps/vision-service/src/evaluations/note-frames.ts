import { webcrypto } from 'node:crypto';
import type { Frame, MultiViews } from '../frames/frame';
import { frameLane } from '../frames/frame-lane';
import type { FrameNote, FrameNotes } from './evaluation';

/** Hashed outside the event loop's thread; what is left in it is a copy. */
async function note({ bytes, kind }: Frame): Promise<FrameNote> {
  const { hashing } = await frameLane.run(() => ({ hashing: webcrypto.subtle.digest('SHA-256', bytes) }));
  const digest = await hashing;
  return { kind, bytes: bytes.length, sha256: Buffer.from(digest).toString('hex') };
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
