-- Counts the keys of an organisation.
-- Parameters: 1 organization_id.
-- Columns: how many.
-- Index: virtual_keys_by_organization.
SELECT COUNT(*)
FROM virtual_keys
WHERE organization_id = ?1 AND organization_id <> ''
