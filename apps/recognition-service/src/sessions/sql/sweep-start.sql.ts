/** Starts that died with their replica: nobody was told of them. */
export const SWEEP_START = `
  DELETE FROM recognition.sessions
  WHERE slot_id = $1 AND status = 'STARTING' AND lease_until < clock_timestamp()`;
