-- Reads an end user.
-- Parameters: 1 end_user_id.
-- Columns: as the parameters of end_users/insert.
-- Index: that of end_user_id.
SELECT
    end_user_id, name, metadata, blocked, block_reason, created_at, updated_at, revision
FROM end_users
WHERE end_user_id = ?1
