-- Removes the marks of thresholds that may be told again anyhow.
-- Parameters: 1 now in milliseconds.
-- Index: alert_marks_by_expiry.
DELETE FROM alert_marks
WHERE
    expires_at IS NOT NULL
    AND expires_at <= ?1
