import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { believedProxy, trustProxy } from '@teleop/service-kit';

/** An address as it stands in a URL; undefined for what is none. The zone of a link-local one cannot be said there. */
export function urlHost(address: string | undefined): string | undefined {
  const plain = (address ?? '')
    .trim()
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return undefined;
  return family === 6 ? `[${plain.toLowerCase()}]` : plain;
}

export function robotUrl(host: string, port: number): string {
  return `http://${host}:${port}`;
}

/** The host of a robot's URL as `urlHost` writes it; undefined when there is no URL. */
export function hostOf(url: string | null): string | undefined {
  return url !== null && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function first(header: string | string[] | undefined): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.split(',', 1)[0];
}

/**
 * Where a robot that registers is: `X-Real-IP`, else the first of `X-Forwarded-For`, when the peer is a believed proxy
 * (TRUST_PROXY); else the peer. Undefined when nothing of it is an address.
 */
export function robotHostReader(
  trustSetting: string,
): (peer: string | undefined, headers: IncomingHttpHeaders) => string | undefined {
  const believed = believedProxy(trustProxy(trustSetting));
  return (peer, headers) => {
    const said = believed(peer)
      ? (urlHost(first(headers['x-real-ip'])) ?? urlHost(first(headers['x-forwarded-for'])))
      : undefined;
    return said ?? urlHost(peer);
  };
}
