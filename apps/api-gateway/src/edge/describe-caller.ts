import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { clientAddress, currentTrace, traceHeaders, trustProxy } from '@teleop/service-kit';
import type { Caller } from '../proxy/forward-headers';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

/** The address of whoever is behind a Socket.IO connection. */
export function addressReader(
  trustSetting: string,
): (headers: IncomingHttpHeaders, peer: string | undefined) => string {
  const trust = trustProxy(trustSetting);
  const addressOf = clientAddress(trust);
  return (headers, peer) => addressOf(peer, trust === false ? undefined : single(headers['x-forwarded-for']));
}

/** Who calls. What proxies in front of us say counts only when they are believed (TRUST_PROXY). */
export function callerReader(trustSetting: string): (req: IncomingMessage) => Caller {
  const trust = trustProxy(trustSetting);
  const addressOf = clientAddress(trust);
  return (req) => {
    const { headers, socket } = req;
    const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const forwardedFor = trust === false ? undefined : single(headers['x-forwarded-for']);
    const address = forwardedFor === undefined ? peer : addressOf(peer, forwardedFor);
    // The peer counts as a believed proxy when what it says about others is taken over.
    const believed = trust !== false && (trust === true || address !== peer);
    const given = headers['x-request-id'];
    return {
      address,
      // The chain as it came, then the peer that we saw ourselves.
      chain: believed && forwardedFor !== undefined ? `${forwardedFor}, ${peer}` : peer,
      proto: (believed && single(headers['x-forwarded-proto'])) || 'http',
      host: (believed && single(headers['x-forwarded-host'])) || headers.host,
      requestId:
        typeof given === 'string' && REQUEST_ID.test(given) ? given : (currentTrace()?.traceId ?? ''),
      traceparent: traceHeaders()['traceparent'],
    };
  };
}
