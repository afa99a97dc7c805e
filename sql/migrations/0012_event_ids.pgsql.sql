-- Finds calls by their ids.
-- Reason: what was posted since a position of a journal is a range of ids, and who shares a budget reads just that.

CREATE INDEX spend_events_by_id ON spend_events (id);
