-- Notes that a call carries a tag.
-- Parameters: 1 id of the tag's name, 2 started_at of the call, 3 its id.
INSERT INTO spend_event_tags (tag_ref, started_at, event_id)
VALUES (?1, ?2, ?3)
