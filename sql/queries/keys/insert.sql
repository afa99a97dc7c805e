-- Adds a virtual key.
-- Parameters: 1 key_id, 2 mac, 3 alias or null, 4 hint, 5 user_id, 6 team_id, 7 models as a JSON array,
--   8 expires_at or null, 9 blocked, 10 created_at; each or null: 11 rpm_limit, 12 rph_limit, 13 rpd_limit,
--   14 tpm_limit, 15 tph_limit, 16 tpd_limit, 17 max_parallel_requests; 18 organization_id, 19 tags as a JSON
--   array, 20 service_account_id, 21 allowed_routes as a JSON array.
-- Index: none.
INSERT INTO virtual_keys
    (key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, rpm_limit, rph_limit,
     rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id, tags, service_account_id,
     allowed_routes)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
     ?21)
