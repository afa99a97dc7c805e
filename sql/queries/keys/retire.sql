-- Has the text of a virtual key be good for a while after another takes its place.
-- Parameters: 1 key_id, 2 when it is retired, 3 when it ends.
-- Index: unique index of key_id.
INSERT INTO retired_secrets (mac, key_id, hint, retired_at, ends_at)
SELECT
    mac, key_id, hint, ?2, ?3
FROM virtual_keys
WHERE key_id = ?1
