-- Notes who a user is for somebody else.
-- Parameters: 1 issuer, 2 subject, 3 user_id, 4 created_at.
INSERT INTO identities
    (issuer, subject, user_id, created_at)
VALUES
    (?1, ?2, ?3, ?4)
ON CONFLICT (issuer, subject) DO NOTHING
