/** RFC 9110, section 7.6.1: meant for the next hop only; each connection has its own. */
export const HOP_BY_HOP = new Set<string>([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
