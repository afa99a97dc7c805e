-- Counts the teams of each of some organisations.
-- Parameters: 1 their organization_ids, as the names of a JSON object.
-- Columns: organization_id, how many.
-- Index: teams_by_organization.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM teams AS t
        WHERE t.organization_id = wanted.key
    )
FROM json_each(?1) AS wanted
