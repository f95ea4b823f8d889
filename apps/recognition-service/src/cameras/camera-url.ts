export type CameraKind = 'rtsp' | 'http' | 'file';

const KINDS: Readonly<Record<string, CameraKind>> = {
  'rtsp:': 'rtsp',
  'rtsps:': 'rtsp',
  'http:': 'http',
  'https:': 'http',
  'file:': 'file',
};

// They would end a line of the list that ffmpeg reads, and no URL has them unescaped.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0020\u007f\\]/;

/** Why a text is no URL of a camera; safe to show, it never quotes the text. */
export class BadCameraUrl extends Error {
  override readonly name = 'BadCameraUrl';
}

/** Throws BadCameraUrl. `file:` is for development alone. */
export function parseCameraUrl(
  text: string,
  allowFile: boolean,
): { readonly url: URL; readonly kind: CameraKind } {
  if (UNSAFE.test(text) || !URL.canParse(text)) throw new BadCameraUrl('must be a URL');
  const url = new URL(text);
  const kind = KINDS[url.protocol];
  if (kind === undefined || (kind === 'file' && !allowFile)) {
    throw new BadCameraUrl(
      `must begin with rtsp://, rtsps://, http:// or https://${allowFile ? ' or file://' : ''}`,
    );
  }
  if (kind !== 'file' && url.hostname === '') throw new BadCameraUrl('must name a host');
  if (kind === 'file' && url.hostname !== '') throw new BadCameraUrl('must be a file of this machine');
  return { url, kind };
}
