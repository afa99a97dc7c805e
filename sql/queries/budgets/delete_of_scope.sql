-- Removes all budgets of an object of a scope.
-- Parameters: 1 scope, 2 scope_id.
-- Index: budgets_by_scope.
DELETE FROM budgets
WHERE scope = ?1 AND scope_id = ?2
