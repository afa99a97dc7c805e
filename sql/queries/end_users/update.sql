-- Changes an end user, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 end_user_id, 2 name, 3 metadata, 4 blocked, 5 block_reason, 6 created_at, 7 updated_at, 8 revision.
-- Index: primary key.
UPDATE end_users
SET name = ?2, metadata = ?3, blocked = ?4, block_reason = ?5, updated_at = ?7, revision = ?8
WHERE end_user_id = ?1 AND revision = ?8 - 1
