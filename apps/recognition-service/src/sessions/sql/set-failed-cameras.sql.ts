export const SET_FAILED_CAMERAS = `UPDATE recognition.sessions SET failed_camera_ids = $2 WHERE id = $1`;
