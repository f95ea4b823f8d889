/** 24 bytes or more as base64url: no option is that long. */
const TOKEN = /^[\w-]{32,}$/;

/** One token in 64 begins with a dash, as options do. */
export function tokenAmong(args: readonly string[]): string | undefined {
  return args.find((arg) => TOKEN.test(arg));
}
