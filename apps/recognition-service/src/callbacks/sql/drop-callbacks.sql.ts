export const DROP_CALLBACKS = `DELETE FROM recognition.callbacks WHERE session_id = $1`;
