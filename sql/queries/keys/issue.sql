-- Adds a virtual key of which only the text is known; keys/update says the rest, in the same transaction.
-- Parameters: 1 key_id, 2 mac, 3 hint, 4 created_by, 5 created_at.
-- Index: none.
INSERT INTO virtual_keys
    (key_id, mac, hint, created_by, created_at, user_id, team_id, models, blocked, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, '', '', '[]', 0, 0)
