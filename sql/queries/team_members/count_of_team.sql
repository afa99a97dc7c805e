-- Counts the members of each of some teams.
-- Parameters: 1 their team_ids, as the names of a JSON object.
-- Columns: team_id, how many.
-- Index: primary key.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM team_members AS t
        WHERE t.team_id = wanted.key
    )
FROM json_each(?1) AS wanted
