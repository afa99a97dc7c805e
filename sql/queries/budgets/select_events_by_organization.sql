-- Reads what the calls of an organisation cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 10 id of the organisation's name.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_organization, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    organization_ref = ?10
    AND organization_ref <> 0
    AND started_at >= ?1
    AND started_at < ?2
ORDER BY started_at
