import type { Frame, MultiViews } from '../frames/frame';
import type { FrameNote, FrameNotes } from './evaluation';

const note = ({ kind, sizeBytes, sha256 }: Frame): FrameNote => ({ kind, bytes: sizeBytes, sha256 });

/** What an auditor needs to tell whether pictures that turn up later are the ones that were looked at. */
export function noteFrames(views: MultiViews): FrameNotes {
  return Object.fromEntries(
    [...views].map(([camera, { start, end }]) => [camera, { start: start.map(note), end: end.map(note) }]),
  );
}
