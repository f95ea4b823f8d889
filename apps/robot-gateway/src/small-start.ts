import { setFlagsFromString } from 'node:v8';

/*
 * Loading modules leaves much that survives, from which V8 concludes that this process needs the largest young generation:
 * 34 MB that an idle service keeps for good. So it may not grow before the service runs; under load it does as ever.
 */
setFlagsFromString('--semi-space-growth-factor=1');

/** V8's own setting again. */
export function growAsNeeded(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
