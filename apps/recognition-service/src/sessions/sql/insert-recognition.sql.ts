/** No row: the student is recognised in this session already. */
export const INSERT_RECOGNITION = `
  INSERT INTO recognition.recognitions (session_id, user_id, confidence, camera_id, recognized_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING
  RETURNING user_id`;
