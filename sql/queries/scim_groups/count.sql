-- Counts the groups of the directory.
-- Parameters: none.
-- Columns: how many.
-- Index: the smallest, whole.
SELECT COUNT(*)
FROM scim_groups
