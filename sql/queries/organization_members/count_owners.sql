-- Counts the owners of each of some organisations.
-- Parameters: 1 their organization_ids, as the names of a JSON object.
-- Columns: organization_id, how many.
-- Index: primary key.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM organization_members AS t
        WHERE t.organization_id = wanted.key AND t.role = 'org_owner'
    )
FROM json_each(?1) AS wanted
