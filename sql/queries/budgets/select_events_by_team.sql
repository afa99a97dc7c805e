-- Reads what the calls of a team cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 5 id of the team's name.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_team, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    team_ref = ?5
    AND team_ref <> 0
    AND started_at >= ?1
    AND started_at < ?2
ORDER BY started_at
