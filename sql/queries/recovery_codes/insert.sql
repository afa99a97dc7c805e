-- Adds a recovery code.
-- Parameters: 1 user_id, 2 mac.
INSERT INTO recovery_codes
    (user_id, mac, used_at)
VALUES
    (?1, ?2, NULL)
