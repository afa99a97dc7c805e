-- Removes a guardrail.
-- Parameters: 1 guardrail_id.
-- Index: primary key.
DELETE FROM guardrails
WHERE guardrail_id = ?1
