import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { AllowList } from '../network/address-rules';
import { pinnedLookup } from '../network/pinned-lookup';
import { resolveHost } from '../network/resolve-host';
import type { CameraKind } from './camera-url';
import { RtspRelay } from './rtsp-relay';
import { formOf, type Stream } from './stream';

const MAX_HOPS = 5;

/** The camera could not be asked what it sends. `reason`: one word or two for people, no address. */
export class CameraUnreachable extends Error {
  override readonly name = 'CameraUnreachable';
}

/**
 * Where the pictures of a camera really come from. Of HTTP the redirects are followed here, each address judged, to know
 * what kind of stream it is; what ffmpeg then asks for is judged by JudgingProxy. Of RTSP the connection is made here. Throws HostRefused, HostUnknown, CameraUnreachable.
 */
export async function findStream(
  url: URL,
  kind: CameraKind,
  allowed: AllowList,
  signal: AbortSignal,
): Promise<Stream> {
  if (kind === 'file') return { url: url.href, form: 'file' };
  if (kind === 'http') return findHttp(url, allowed, signal);
  return findRtsp(url, allowed, signal);
}

async function findRtsp(url: URL, allowed: AllowList, signal: AbortSignal): Promise<Stream> {
  const address = await resolveHost(url.hostname, allowed);
  try {
    const relay = await RtspRelay.connect(url, address, signal);
    return { url: relay.url, form: 'rtsp', close: () => relay.close() };
  } catch (error) {
    throw unreachable(error, signal);
  }
}

async function findHttp(first: URL, allowed: AllowList, signal: AbortSignal): Promise<Stream> {
  let url = first;
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    const { status, location, contentType } = await ask(
      url,
      await resolveHost(url.hostname, allowed),
      signal,
    );
    if (status < 300 || status >= 400 || location === undefined) {
      // 401 may ask for a digest, which ffmpeg can give.
      if (status >= 400 && !(status === 401 && url.username !== '')) {
        throw new CameraUnreachable(status === 401 ? 'credentials refused' : `answers ${status}`);
      }
      return { url: url.href, form: formOf(contentType ?? '', url.pathname) };
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

interface Said {
  readonly status: number;
  readonly location: string | undefined;
  readonly contentType: string | undefined;
}

/** The head of the answer; pictures are not read here. */
async function ask(url: URL, address: string, signal: AbortSignal): Promise<Said> {
  const { request: send } = url.protocol === 'https:' ? https : http;
  const auth = url.username === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  try {
    const asked = send(bare, { auth, lookup: pinnedLookup(address), agent: false, signal });
    asked.end();
    const [{ statusCode = 0, headers }] = (await once(asked, 'response')) as [IncomingMessage];
    asked.on('error', () => undefined).destroy();
    return { status: statusCode, location: headers.location, contentType: headers['content-type'] };
  } catch (error) {
    throw unreachable(error, signal);
  }
}

function unreachable(error: unknown, signal: AbortSignal): CameraUnreachable {
  return new CameraUnreachable(signal.aborted ? 'timed out' : 'connection refused', { cause: error });
}
