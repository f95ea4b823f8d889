/**
 * Files of a slot by student, without the pictures, oldest first: of a student whom a session of the slot has recognised
 * the last one is that session's, earlier sessions may have left others.
 */
export const LIST_EVIDENCE = `SELECT user_id, file FROM recognition.evidence WHERE slot_id = $1 ORDER BY taken_at`;
