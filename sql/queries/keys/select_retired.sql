-- Reads all former texts of virtual keys, those whose time is over included.
-- Parameters: none.
-- Columns: mac, mac of the key now, ends_at.
-- Index: none; there are few. Unique index of key_id.
SELECT
    r.mac, k.mac AS current_mac, r.ends_at
FROM retired_secrets AS r
INNER JOIN virtual_keys AS k ON k.key_id = r.key_id
