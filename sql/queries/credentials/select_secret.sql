-- Reads a credential's secret.
-- Parameters: 1 credential_id.
-- Columns: what was sealed.
-- Index: primary key.
SELECT sealed
FROM credential_secrets
WHERE credential_id = ?1
