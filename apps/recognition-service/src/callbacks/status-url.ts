/** Where what happens to a session is told: beside the callback URL, with its last path part replaced. */
export function statusUrl(callbackUrl: string): string {
  const url = new URL(callbackUrl);
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/[^/]*$/, 'session-status');
  return url.href;
}
