const STARS = '****';
const KEEP_HEAD = 2;
const KEEP_TAIL = 4;

/** Keeps at most the first 2 and last 4 characters, and never more than half of what is there. */
export function maskValue(value: string): string {
  const characters = [...value];
  const head = Math.min(KEEP_HEAD, Math.floor(characters.length / 4));
  const tail = Math.min(KEEP_TAIL, Math.floor(characters.length / 4));
  return characters.slice(0, head).join('') + STARS + (tail === 0 ? '' : characters.slice(-tail).join(''));
}

/** Masks the local part; the domain stays. What is not an address is masked whole. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 0) return maskValue(email);
  return maskValue(email.slice(0, at)) + email.slice(at);
}

export function maskEmailOrNull(email: string | null): string | null {
  return email === null || email === '' ? null : maskEmail(email);
}

export function maskValueOrNull(value: string | null): string | null {
  return value === null || value === '' ? null : maskValue(value);
}
