-- Reads seeds of second factors in force that are not sealed with a key, in the order of their users.
-- Parameters: 1 kek_id, 2 user_id that all come after, 4 most rows.
-- Columns: user_id, an empty text, what was sealed.
-- Index: primary key, from that user on.
SELECT l.user_id, '', l.mfa_seed
FROM logins AS l
WHERE l.user_id > ?2 AND l.mfa_seed IS NOT NULL AND l.mfa_seed_kek_id IS DISTINCT FROM ?1
ORDER BY l.user_id
LIMIT CAST(?4 AS BIGINT)
