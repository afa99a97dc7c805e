-- Reads which user a subject of an issuer is.
-- Parameters: 1 issuer, 2 subject.
-- Columns: user_id.
-- Index: primary key.
SELECT user_id
FROM identities
WHERE issuer = ?1 AND subject = ?2
