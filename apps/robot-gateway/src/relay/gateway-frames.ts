const ACK = Buffer.from('"ack"');
const EVENT = Buffer.from('"event"');
const PRIORITY = Buffer.from('"priority"');
const MAX_BYTES = 8 * 1_024;

/**
 * Whether a robot's frame may be meant for the gateway: an acknowledgement or an event. Costs a search of a few bytes; a
 * frame that only looks like one is found out when it is parsed, and has gone on to the driver all the same.
 */
export function isForGateway(data: Buffer): boolean {
  return data.length <= MAX_BYTES && (data.includes(ACK) || data.includes(EVENT) || data.includes(PRIORITY));
}
