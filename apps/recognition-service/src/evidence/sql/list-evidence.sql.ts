/** Files of a slot by student, without the pictures. */
export const LIST_EVIDENCE = `SELECT user_id, file FROM recognition.evidence WHERE slot_id = $1`;
