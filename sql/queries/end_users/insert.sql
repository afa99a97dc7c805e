-- Adds an end user.
-- Parameters: 1 end_user_id, 2 name, 3 metadata, 4 blocked, 5 block_reason, 6 created_at, 7 updated_at, 8 revision.
-- Index: none.
INSERT INTO end_users
    (end_user_id, name, metadata, blocked, block_reason, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
