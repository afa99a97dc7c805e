-- Counts the keys of each of some users.
-- Parameters: 1 their user_ids, as the names of a JSON object.
-- Columns: user_id, how many.
-- Index: virtual_keys_by_user.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM virtual_keys AS t
        WHERE t.user_id = wanted.key AND t.user_id <> ''
    )
FROM json_each(?1) AS wanted
