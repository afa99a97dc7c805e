-- Reads what is another text whenever a rule was made, changed or removed.
-- Parameters: none.
-- Columns: the mark.
-- Index: none; there are few.
SELECT COUNT(*) || ' ' || COALESCE(SUM(revision), 0) || ' ' || COALESCE(MAX(updated_at), 0)
FROM alert_rules
