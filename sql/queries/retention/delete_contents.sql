-- Removes some of what is no longer kept of calls.
-- Parameters: 1 of calls that began before, in milliseconds, 2 how many at most.
-- Index: call_contents_by_time.
DELETE FROM call_contents
WHERE call_id IN (
    SELECT call_id
    FROM call_contents
    WHERE started_at < ?1
    ORDER BY started_at
    LIMIT ?2
)
