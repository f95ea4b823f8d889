import { REFUSED_STATUS } from './judging-proxy';

/** What ffmpeg says, in words of ours: its own lines quote the URL with its credentials. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`HTTP error ${REFUSED_STATUS}\\b`), 'not allowed'],
  [/401 Unauthorized|403 Forbidden|authorization failed/i, 'credentials refused'],
  [/404 Not Found|No such file/i, 'nothing at this address'],
  [/Connection refused/i, 'connection refused'],
  [/timed out|Operation timed out/i, 'timed out'],
  [/No route to host|Network is unreachable|Failed to resolve|Name or service not known/i, 'unreachable'],
  [/Invalid data found|could not find codec|does not contain any stream/i, 'not a video'],
  [/Protocol .* not on whitelist/i, 'not allowed'],
];

export function failureWords(output: string): string {
  return WORDS.find(([pattern]) => pattern.test(output))?.[1] ?? 'the connection ended';
}

/** Size of the pictures as the camera sends them, from ffmpeg's description of its input. */
export function resolutionIn(output: string): string | undefined {
  return /Stream #0:\d.*?: Video: .*?\b(\d{2,5}x\d{2,5})\b/.exec(output)?.[1];
}
