-- Forgets who a user is for somebody else.
-- Parameters: 1 issuer, 2 subject.
-- Index: primary key.
DELETE FROM identities
WHERE issuer = ?1 AND subject = ?2
