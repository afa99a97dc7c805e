-- Forgets the former texts of virtual keys whose time is over.
-- Parameters: 1 now.
-- Index: none; there are few.
DELETE FROM retired_secrets
WHERE ends_at <= ?1
