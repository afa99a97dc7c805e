-- Changes a member of an organisation, all but its key and when it was made.
-- Parameters: 1 organization_id, 2 user_id, 3 role, 4 created_at.
-- Index: primary key.
UPDATE organization_members
SET
    role = ?3
WHERE organization_id = ?1 AND user_id = ?2
