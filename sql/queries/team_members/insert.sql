-- Adds a member of a team.
-- Parameters: 1 team_id, 2 user_id, 3 role, 4 created_at.
-- Index: none.
INSERT INTO team_members
    (team_id, user_id, role, created_at)
VALUES
    (?1, ?2, ?3, ?4)
