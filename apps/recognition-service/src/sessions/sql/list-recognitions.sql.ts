export const LIST_RECOGNITIONS = `
  SELECT r.session_id, r.user_id, r.confidence, r.camera_id, r.recognized_at, r.delivered_at
  FROM recognition.recognitions r
  WHERE r.session_id = ANY ($1)
  ORDER BY r.recognized_at, r.user_id`;
