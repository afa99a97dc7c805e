-- Removes a month of their tags that was taken out of the table.
-- Parameters: none; %1 stands for the month.
DROP TABLE spend_event_tags_%1
