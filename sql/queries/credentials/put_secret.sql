-- Keeps a credential's secret, in the place of the one before.
-- Parameters: 1 credential_id, 2 what was sealed.
-- Index: primary key.
INSERT INTO credential_secrets (credential_id, sealed)
VALUES (?1, ?2)
ON CONFLICT (credential_id) DO UPDATE SET sealed = excluded.sealed
