-- Reads what a virtual key spent, which stops at the largest integer, and when it was used last.
-- Parameters: 1 key_id.
-- Columns: spend_nanos; the hour since 1970 in which its last call began, null if it never had one.
-- Index: that of the names, primary key of spend_rollups.
SELECT
    COALESCE((
        SELECT r.spend_nanos
        FROM spend_rollups AS r
        WHERE
            r.dimension = 1
            AND r.seconds = 0
            AND r.ref = (SELECT n.id FROM names AS n WHERE n.name = ?1)
    ), 0),
    (
        SELECT MAX(r.slot)
        FROM spend_rollups AS r
        WHERE r.dimension = 1 AND r.seconds = 3600 AND r.ref = (SELECT n.id FROM names AS n WHERE n.name = ?1)
    )
