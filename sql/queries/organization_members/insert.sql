-- Adds a member of an organisation.
-- Parameters: 1 organization_id, 2 user_id, 3 role, 4 created_at.
-- Index: none.
INSERT INTO organization_members
    (organization_id, user_id, role, created_at)
VALUES
    (?1, ?2, ?3, ?4)
