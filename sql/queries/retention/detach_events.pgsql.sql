-- Takes a month of calls out of the table.
-- Parameters: none; %1 stands for the month.
ALTER TABLE spend_events DETACH PARTITION spend_events_%1
