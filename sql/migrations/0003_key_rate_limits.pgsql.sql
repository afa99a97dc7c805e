-- How often a virtual key may call, and how much at once.
-- Reason: rate limits of keys.

-- Null: no limit.
ALTER TABLE virtual_keys ADD COLUMN rpm_limit BIGINT CHECK (rpm_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN rph_limit BIGINT CHECK (rph_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN rpd_limit BIGINT CHECK (rpd_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN tpm_limit BIGINT CHECK (tpm_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN tph_limit BIGINT CHECK (tph_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN tpd_limit BIGINT CHECK (tpd_limit >= 0);

ALTER TABLE virtual_keys ADD COLUMN max_parallel_requests BIGINT CHECK (max_parallel_requests >= 0);

DROP TRIGGER virtual_keys_updated ON virtual_keys;

-- All columns but the spend, which moves with every call.
CREATE TRIGGER virtual_keys_updated
AFTER UPDATE OF
    key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, rpm_limit, rph_limit, rpd_limit,
    tpm_limit, tph_limit, tpd_limit, max_parallel_requests
ON virtual_keys
FOR EACH ROW EXECUTE FUNCTION count_key_change();
