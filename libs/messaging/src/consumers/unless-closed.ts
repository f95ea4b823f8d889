/** A message that cannot be answered because the connection is closed is delivered again to whoever comes next. */
export function unlessClosed(answer: () => void): void {
  try {
    answer();
  } catch (error) {
    if (!['ClosedConnectionError', 'DrainingConnectionError'].includes((error as Error).name)) throw error;
  }
}
