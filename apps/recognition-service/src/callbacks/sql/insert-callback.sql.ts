export const INSERT_CALLBACK = `
  INSERT INTO recognition.callbacks (id, session_id, user_id, payload) VALUES ($1, $2, $3, $4)`;
