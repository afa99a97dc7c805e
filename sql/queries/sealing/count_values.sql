-- Counts what is sealed with each key, by kind.
-- Parameters: none.
-- Columns: the kind's number in store::SealedKind, kek_id or an empty text for a format that names no key, values.
-- Index: call_contents_by_key; the other tables are read whole.
SELECT 0, COALESCE(s.kek_id, ''), COUNT(*)
FROM credential_secrets AS s
GROUP BY s.kek_id
UNION ALL
SELECT 1, COALESCE(l.mfa_seed_kek_id, ''), COUNT(*)
FROM logins AS l
WHERE l.mfa_seed IS NOT NULL
GROUP BY l.mfa_seed_kek_id
UNION ALL
SELECT 2, COALESCE(p.mfa_pending_seed_kek_id, ''), COUNT(*)
FROM logins AS p
WHERE p.mfa_pending_seed IS NOT NULL
GROUP BY p.mfa_pending_seed_kek_id
UNION ALL
SELECT 3, COALESCE(a.kek_id, ''), COUNT(*)
FROM idempotent_answers AS a
GROUP BY a.kek_id
UNION ALL
SELECT 4, COALESCE(c.kek_id, ''), COUNT(*)
FROM call_contents AS c
GROUP BY c.kek_id
