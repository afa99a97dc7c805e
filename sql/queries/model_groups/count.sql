-- Counts all public models: there are few.
-- Parameters: none.
-- Columns: how many there are, whether that is an estimate.
-- Index: deployments_by_model, whole.
SELECT COUNT(*), 0
FROM model_groups
