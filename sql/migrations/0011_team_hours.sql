-- Finds the hours of a team.
-- Reason: a report of a team and something else had to go through the hours of everybody.

CREATE INDEX spend_hourly_by_team ON spend_hourly (team_ref, hour) WHERE team_ref <> 0;
