-- Reads what gateways keep in memory of the owners of keys: of those that are blocked, have a list of models, say
-- whether the content of calls is kept, or are a team of an organisation; and of the end users that are blocked.
-- Parameters: none.
-- Columns: the number of the kind in ports::OwnerKind, id, organization_id, models, blocked, store_content or null.
-- Index: end_users_blocked; each other table is read whole.
SELECT 0, organization_id, '', models, blocked, store_content
FROM organizations
WHERE blocked = 1 OR models <> '[]' OR store_content IS NOT NULL
UNION ALL
SELECT 1, team_id, organization_id, models, blocked, NULL
FROM teams
WHERE blocked = 1 OR models <> '[]' OR organization_id <> ''
UNION ALL
SELECT 2, user_id, '', models, blocked, NULL
FROM users
WHERE blocked = 1 OR models <> '[]'
UNION ALL
SELECT 3, service_account_id, '', '[]', blocked, NULL
FROM service_accounts
WHERE blocked = 1
UNION ALL
SELECT 4, end_user_id, '', '[]', blocked, NULL
FROM end_users
WHERE blocked = 1
