-- Reads one virtual key by what people call it, and what it spent, which stops at the largest integer.
-- Parameters: 1 its id or alias.
-- Columns: as keys/select_all_with_spend; the key with that id comes before the one with that alias.
-- Index: the unique indexes of key_id and alias, that of the names, primary key of spend_rollups.
SELECT
    key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, rpm_limit, rph_limit,
    rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id, tags, service_account_id, allowed_routes,
    store_content,
    COALESCE((
        SELECT r.spend_nanos
        FROM spend_rollups AS r
        WHERE
            r.dimension = 1
            AND r.seconds = 0
            AND r.ref = (SELECT n.id FROM names AS n WHERE n.name = k.key_id)
    ), 0)
FROM virtual_keys AS k
WHERE key_id = ?1 OR alias = ?1
ORDER BY key_id = ?1 DESC
LIMIT 1
