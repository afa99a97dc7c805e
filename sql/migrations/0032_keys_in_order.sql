-- An index of keys that begins with the number of the row and has what they are sorted by.
-- Reason: a search for a word that fifty thousand keys have read each of these, a page of the disk for one or two, only to
--   see which come first.

CREATE INDEX virtual_keys_by_order ON virtual_keys (id, key_id, name_key, created_at, expiry_key);
