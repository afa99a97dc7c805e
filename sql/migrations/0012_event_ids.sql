-- Nothing that would be there: the id of a call is its primary key here.
-- Reason: the schema is that of PostgreSQL, where the ids of calls need an index of their own.

DROP INDEX IF EXISTS spend_events_by_id;
