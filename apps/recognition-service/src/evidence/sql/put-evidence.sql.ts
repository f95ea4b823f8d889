/** A later session of the slot may see the same student again: the newer picture stays. */
export const PUT_EVIDENCE = `
  INSERT INTO recognition.evidence (slot_id, file, user_id, jpeg, taken_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (slot_id, file) DO UPDATE SET user_id = excluded.user_id, jpeg = excluded.jpeg, taken_at = excluded.taken_at`;
