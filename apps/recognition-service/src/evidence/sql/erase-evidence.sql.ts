export const ERASE_EVIDENCE = `
  DELETE FROM recognition.evidence WHERE user_id = $1 RETURNING slot_id, file`;
