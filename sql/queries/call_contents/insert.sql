-- Keeps what a call asked and was answered, unless that is there already.
-- Parameters: 1 call_id, 2 started_at, 3 end_user or null, 4 sealed.
-- Index: primary key.
INSERT INTO call_contents (call_id, started_at, end_user, sealed)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (call_id) DO NOTHING
