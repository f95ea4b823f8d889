/** Small pure helpers of the functions beside this file. */
export const HELPERS = `
  CREATE FUNCTION teleop.iso(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  $$;

  -- 244 random bits from PostgreSQL's strong source.
  CREATE FUNCTION teleop.new_control_token() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex')
  $$;

  -- Start of the UTC day.
  CREATE FUNCTION teleop.utc_day(p_at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT date_trunc('day', p_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
  $$;

  -- Rank of a live row among active, then waiting; the only definition of a position.
  CREATE FUNCTION teleop.queue_position(p_robot text, p_status text, p_order_key numeric) RETURNS int
  LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_status = 'active' THEN 1 ELSE 1 + (
      SELECT count(*)::int FROM teleop.robot_queue
      WHERE robot_id = p_robot AND status IN ('waiting', 'active')
        AND (status = 'active' OR order_key < p_order_key)
    ) END
  $$;

  -- Does the presented credential belong to the user? The digest is of the presented hash_code; comparing digests
  -- tells an attacker nothing about the secret however the comparison ends. NULL: a JWT was verified already.
  CREATE FUNCTION teleop.credential_ok(p_hash_code text, p_digest bytea) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_digest IS NULL OR (coalesce(p_hash_code, '') <> '' AND sha256(convert_to(p_hash_code, 'UTF8')) = p_digest)
  $$;
`;
