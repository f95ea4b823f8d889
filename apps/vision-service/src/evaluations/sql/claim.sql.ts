/** $1 token hash, $2 holder, $3 milliseconds. One row when the claim is ours; none while another holds it. */
export const CLAIM = `
  INSERT INTO vision.claims AS c (token_hash, holder, expires_at)
  VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))
  ON CONFLICT (token_hash) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
    WHERE c.holder = EXCLUDED.holder OR c.expires_at < clock_timestamp()
  RETURNING holder
`;
