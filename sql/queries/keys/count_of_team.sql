-- Counts the keys of each of some teams.
-- Parameters: 1 their team_ids, as the names of a JSON object.
-- Columns: team_id, how many.
-- Index: virtual_keys_by_team.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM virtual_keys AS t
        WHERE t.team_id = wanted.key AND t.team_id <> ''
    )
FROM json_each(?1) AS wanted
