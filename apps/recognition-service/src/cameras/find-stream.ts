import type { AllowList } from '../network/address-rules';
import { resolveHost } from '../network/resolve-host';
import type { CameraKind } from './camera-url';
import { formOf, type Stream } from './stream';

const MAX_HOPS = 5;

/** The camera could not be asked what it sends. `reason`: one word or two for people, no address. */
export class CameraUnreachable extends Error {
  override readonly name = 'CameraUnreachable';
}

/**
 * Where the pictures of a camera really come from. Of HTTP the redirects are followed here, each address judged, so that
 * a camera cannot send ffmpeg to where its URL itself could not have led. Throws HostRefused, HostUnknown, CameraUnreachable.
 */
export async function findStream(
  url: URL,
  kind: CameraKind,
  allowed: AllowList,
  signal: AbortSignal,
): Promise<Stream> {
  if (kind === 'file') return { url: url.href, form: 'file' };
  if (kind === 'http') return findHttp(url, allowed, signal);
  const address = await resolveHost(url.hostname, allowed);
  const pinned = new URL(url);
  // Of a URL with a scheme that browsers do not know, `hostname` takes what it is given.
  if (url.protocol === 'rtsp:') pinned.hostname = address.includes(':') ? `[${address}]` : address;
  return { url: pinned.href, form: 'rtsp' };
}

async function findHttp(first: URL, allowed: AllowList, signal: AbortSignal): Promise<Stream> {
  let url = first;
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    await resolveHost(url.hostname, allowed);
    const response = await ask(url, signal);
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (response.status < 300 || response.status >= 400 || location === null) {
      // 401 may ask for a digest, which ffmpeg can give.
      if (response.status >= 400 && !(response.status === 401 && url.username !== '')) {
        throw new CameraUnreachable(
          response.status === 401 ? 'credentials refused' : `answers ${response.status}`,
        );
      }
      return { url: url.href, form: formOf(response.headers.get('content-type') ?? '', url.pathname) };
    }
    url = redirected(url, location);
  }
  throw new CameraUnreachable('redirects in circles');
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new CameraUnreachable('redirects to nowhere');
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol)) throw new CameraUnreachable('redirects to another protocol');
  if (to.host === from.host && to.username === '')
    [to.username, to.password] = [from.username, from.password];
  return to;
}

/** A `%` that encodes nothing is one of the password itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const headers: Record<string, string> = {};
  if (url.username !== '') {
    const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  try {
    return await fetch(bare.href, { redirect: 'manual', headers, signal });
  } catch (error) {
    throw new CameraUnreachable(signal.aborted ? 'timed out' : 'connection refused', { cause: error });
  }
}
