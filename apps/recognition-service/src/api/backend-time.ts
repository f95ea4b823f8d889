/** `yyyy-MM-dd'T'HH:mm:ss'Z'`: the attendance backend parses no milliseconds. */
export function backendTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
