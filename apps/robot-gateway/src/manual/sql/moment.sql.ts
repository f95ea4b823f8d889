/** $1 milliseconds from now, in the database's clock. */
export const MOMENT = `SELECT clock_timestamp() + $1::float8 * interval '1 millisecond' AS at`;
