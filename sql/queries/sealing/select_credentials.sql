-- Reads secrets of credentials that are not sealed with a key, in the order of their ids.
-- Parameters: 1 kek_id, 2 credential_id that all come after, 4 most rows.
-- Columns: credential_id, origin, what was sealed.
-- Index: primary key, from that credential on.
SELECT s.credential_id, c.origin, s.sealed
FROM credential_secrets AS s
INNER JOIN credentials AS c ON c.credential_id = s.credential_id
WHERE s.credential_id > ?2 AND s.kek_id IS DISTINCT FROM ?1
ORDER BY s.credential_id
LIMIT CAST(?4 AS BIGINT)
