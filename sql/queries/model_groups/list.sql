-- Reads all public models; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: model_name, how many deployments it has, how many of these are enabled.
-- Index: deployments_by_model.
SELECT
    model_name, deployment_count, enabled_count
FROM model_groups
