/** $1 token hash, $2 holder, $3 milliseconds. One row: the stored answer or null, and whether the claim is ours. */
export const TAKE_UP = `SELECT answer, claimed FROM vision.take_up($1, $2, $3)`;
