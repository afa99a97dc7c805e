-- Changes a member of a team, all but its key and when it was made.
-- Parameters: 1 team_id, 2 user_id, 3 role, 4 created_at.
-- Index: primary key.
UPDATE team_members
SET
    role = ?3
WHERE team_id = ?1 AND user_id = ?2
