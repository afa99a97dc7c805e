-- Counts the keys of each of some organisations.
-- Parameters: 1 their organization_ids, as the names of a JSON object.
-- Columns: organization_id, how many.
-- Index: virtual_keys_by_organization.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM virtual_keys AS t
        WHERE t.organization_id = wanted.key AND t.organization_id <> ''
    )
FROM json_each(?1) AS wanted
