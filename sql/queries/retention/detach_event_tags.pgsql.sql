-- Takes a month of their tags out of the table.
-- Parameters: none; %1 stands for the month.
ALTER TABLE spend_event_tags DETACH PARTITION spend_event_tags_%1
