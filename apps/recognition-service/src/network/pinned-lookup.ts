import { isIP, type LookupFunction } from 'node:net';

/** For `http.request`: connects to the address that was judged, whatever the name server says by now. */
export const pinnedLookup = (address: string): LookupFunction => {
  const family = isIP(address);
  return (_hostname, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
};
