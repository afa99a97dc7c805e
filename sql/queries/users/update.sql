-- Changes a user, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 user_id, 2 email, 3 name, 4 role, 5 models, 6 metadata, 7 origin, 8 blocked, 9 block_reason,
--   10 created_at, 11 updated_at, 12 revision.
-- Index: primary key.
UPDATE users
SET
    email = ?2, name = ?3, role = ?4, models = ?5, metadata = ?6, origin = ?7, blocked = ?8, block_reason = ?9,
    updated_at = ?11, revision = ?12
WHERE user_id = ?1 AND revision = ?12 - 1
