/** The user a credential belongs to; no row when it does not. $1 user, $2 digest or NULL. */
export const AUTHENTICATE = `
  SELECT user_name, user_class, role FROM teleop.users
  WHERE user_id = $1 AND teleop.credential_ok(hash_code, $2)
`;
