/** Claims whose holders died and whose tokens nobody asked for again. */
export const FORGET_CLAIMS = `DELETE FROM vision.claims WHERE expires_at < clock_timestamp() - interval '1 hour'`;
