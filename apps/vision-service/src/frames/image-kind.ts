export const IMAGE_KINDS = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RIFF = Buffer.from('RIFF');
const WEBP = Buffer.from('WEBP');

const startsWith = (bytes: Buffer, mark: Buffer, at = 0): boolean =>
  bytes.length >= at + mark.length && bytes.compare(mark, 0, mark.length, at, at + mark.length) === 0;

/** By its first bytes, as senders' declarations are often wrong; undefined for anything but JPEG, PNG and WebP. */
export function imageKind(bytes: Buffer): ImageKind | undefined {
  if (startsWith(bytes, JPEG)) return 'image/jpeg';
  if (startsWith(bytes, PNG)) return 'image/png';
  if (startsWith(bytes, RIFF) && startsWith(bytes, WEBP, 8)) return 'image/webp';
  return undefined;
}
