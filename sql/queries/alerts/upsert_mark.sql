-- Notes that a threshold was told. Changes no row if it was told already and may not be told again yet.
-- Parameters: 1 budget_id, 2 threshold, 3 amount_nanos, 4 window_start, 5 expires_at, which may be null,
--   6 now in milliseconds.
-- Index: primary key.
INSERT INTO alert_marks
    (budget_id, threshold, amount_nanos, window_start, expires_at)
VALUES
    (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (budget_id, threshold, amount_nanos, window_start) DO UPDATE
SET expires_at = excluded.expires_at
WHERE alert_marks.expires_at <= ?6
