-- Reads which virtual keys changed since a version, the change of that version included, and what they are now.
-- Parameters: 1 version.
-- Columns: version, stamp and key_id of the change; then as keys/select_all_with_spend but for the spend, all null
--   where there is no such key. In the order of the changes.
-- Index: primary key of key_changes, unique index of key_id.
SELECT
    c.version, c.stamp, c.key_id AS changed_key_id,
    k.key_id, k.mac, k.alias, k.hint, k.user_id, k.team_id, k.models, k.expires_at, k.blocked, k.created_at,
    k.rpm_limit, k.rph_limit, k.rpd_limit, k.tpm_limit, k.tph_limit, k.tpd_limit, k.max_parallel_requests,
    k.organization_id, k.tags, k.service_account_id, k.allowed_routes, k.store_content
FROM key_changes AS c
LEFT JOIN virtual_keys AS k ON k.key_id = c.key_id
WHERE c.version >= ?1
ORDER BY c.version
