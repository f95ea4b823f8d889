import { setMaxListeners } from 'node:events';

/** Ends all waiting at the stop of a service. Any number may wait: Node would take more than ten for a leak, and warn. */
export function stopController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
