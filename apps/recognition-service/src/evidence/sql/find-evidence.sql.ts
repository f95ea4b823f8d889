export const FIND_EVIDENCE = `SELECT jpeg FROM recognition.evidence WHERE slot_id = $1 AND file = $2`;
