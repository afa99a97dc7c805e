-- The same version as SQLite, whose sums of days lie by model from here on. Here nothing moves.
-- Reason: the rows of a table of PostgreSQL lie in no order, whatever its primary key is. The planner, which has to find
--   the rows of a model by their index, is told how many there are.

ANALYZE spend_daily;
