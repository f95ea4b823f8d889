/**
 * `rtsp`, `mjpeg`: live; `hls`: live, in pieces; `file`: read at its own speed, over and over again.
 */
export type StreamForm = 'rtsp' | 'mjpeg' | 'hls' | 'file';

/** What ffmpeg is told to read: the address has been looked up and may be connected to. */
export interface Stream {
  readonly url: string;
  readonly form: StreamForm;
  /** Of what was opened for it; may be called twice. */
  readonly close?: () => void;
}

const BY_TYPE: readonly (readonly [RegExp, StreamForm])[] = [
  [/^multipart\/|^image\/|^video\/x-motion-jpeg/i, 'mjpeg'],
  [/mpegurl/i, 'hls'],
  [/^video\/(mp4|quicktime|webm|x-matroska|x-msvideo)/i, 'file'],
];

const BY_NAME: readonly (readonly [RegExp, StreamForm])[] = [
  [/\.m3u8$/i, 'hls'],
  [/\.(mp4|m4v|mov|mkv|webm|avi)$/i, 'file'],
];

/** Of an HTTP stream: what the server calls it, else what its name ends in. */
export function formOf(contentType: string, pathname: string): StreamForm {
  const byType = BY_TYPE.find(([pattern]) => pattern.test(contentType));
  const byName = BY_NAME.find(([pattern]) => pattern.test(pathname));
  return byType?.[1] ?? byName?.[1] ?? 'mjpeg';
}
