export const SWEEP_EVIDENCE = `
  DELETE FROM recognition.evidence WHERE taken_at < clock_timestamp() - $1::int * interval '1 day'`;
