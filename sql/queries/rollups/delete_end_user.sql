-- Removes the sums of an end user.
-- Parameters: 1 the name by which sums know them.
-- Index: primary key, and that of names.
DELETE FROM spend_rollups
WHERE
    dimension = 10
    AND seconds IN (3600, 86400)
    AND ref = (SELECT id FROM names WHERE name = ?1)
