-- Reads what some virtual keys spent, which stops at the largest integer, and when they were used last.
-- Parameters: 1 their key_ids, as the names of a JSON object.
-- Columns: key_id; spend_nanos; the hour since 1970 in which its last call began, null if it never had one.
-- Index: that of the names, primary key of spend_rollups.
SELECT
    wanted.key,
    COALESCE((
        SELECT r.spend_nanos
        FROM spend_rollups AS r
        WHERE
            r.dimension = 1
            AND r.seconds = 0
            AND r.ref = (SELECT n.id FROM names AS n WHERE n.name = wanted.key)
    ), 0),
    (
        SELECT MAX(r.slot)
        FROM spend_rollups AS r
        WHERE r.dimension = 1 AND r.seconds = 3600 AND r.ref = (SELECT n.id FROM names AS n WHERE n.name = wanted.key)
    )
FROM json_each(?1) AS wanted
