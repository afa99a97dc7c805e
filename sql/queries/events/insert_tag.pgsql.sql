-- Notes which calls carry which tags, a line each.
-- Parameters: none; the columns in order come after it.
COPY spend_event_tags (tag_ref, started_at, event_id)
FROM STDIN
