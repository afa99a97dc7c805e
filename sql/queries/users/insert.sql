-- Adds a user.
-- Parameters: 1 user_id, 2 email, 3 name, 4 role, 5 models, 6 metadata, 7 origin, 8 blocked, 9 block_reason,
--   10 created_at, 11 updated_at, 12 revision.
-- Index: none.
INSERT INTO users
    (user_id, email, name, role, models, metadata, origin, blocked, block_reason, created_at, updated_at,
     revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
