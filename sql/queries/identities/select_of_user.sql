-- Reads who a user is for others.
-- Parameters: 1 user_id.
-- Columns: issuer, subject, user_id, created_at.
-- Index: identities_by_user.
SELECT issuer, subject, user_id, created_at
FROM identities
WHERE user_id = ?1
ORDER BY issuer, subject
