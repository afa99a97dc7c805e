-- Adds a virtual key. Its spend is what calls under its id have cost so far: zero for a new id.
-- Parameters: 1 key_id, 2 mac, 3 alias or null, 4 hint, 5 user_id, 6 team_id, 7 models as a JSON array,
--   8 expires_at or null, 9 blocked, 10 created_at.
-- Index: spend_hourly_by_key.
INSERT INTO virtual_keys
    (key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, spend_nanos)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
     COALESCE((SELECT SUM(spend_nanos) FROM spend_hourly WHERE key_ref = (SELECT id FROM names WHERE name = ?1)), 0))
