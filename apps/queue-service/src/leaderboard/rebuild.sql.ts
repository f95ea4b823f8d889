/**
 * Brings a board in step with ledger totals and hours, in one statement: readers see the old board or the new one,
 * never an empty one, and rows that did not change are not rewritten. The parameters are constants of ours, never input.
 */
function rebuild(board: string, wallet: string, who: string): string {
  return `
    MERGE INTO teleop.${board} b
    USING (
      SELECT row_number() OVER (ORDER BY u.total_points DESC, h.hours DESC, u.user_id)::int AS rank, u.user_id,
        u.user_name, u.email, ${wallet} AS wallet_address, u.total_points, h.hours AS total_hours
      FROM (
        SELECT user_id, sum(coalesce(controlled_hours, 0)) AS hours FROM teleop.tele_op_control_history GROUP BY user_id
      ) h JOIN teleop.users u USING (user_id)
      WHERE ${who}
    ) n ON b.user_id = n.user_id
    WHEN MATCHED AND (b.rank, b.user_name, b.email, b.wallet_address, b.total_points, b.total_hours) IS DISTINCT FROM
      (n.rank, n.user_name, n.email, n.wallet_address, n.total_points, n.total_hours) THEN
      UPDATE SET rank = n.rank, user_name = n.user_name, email = n.email, wallet_address = n.wallet_address,
        total_points = n.total_points, total_hours = n.total_hours
    WHEN NOT MATCHED THEN
      INSERT (rank, user_id, user_name, email, wallet_address, total_points, total_hours)
      VALUES (n.rank, n.user_id, n.user_name, n.email, n.wallet_address, n.total_points, n.total_hours)
    WHEN NOT MATCHED BY SOURCE THEN DELETE
  `;
}

const ANY_WALLET = `coalesce(nullif(u.solana_address, ''), nullif(u.ethereum_address, ''), nullif(u.base_address, ''),
  nullif(u.monad_receive_address, ''))`;

export const REBUILD_TELE_OP = rebuild('tele_op_leaderboard', ANY_WALLET, 'true');
export const REBUILD_MONAD = rebuild(
  'monad_leaderboard',
  'u.monad_receive_address',
  `coalesce(u.monad_receive_address, '') <> ''`,
);
