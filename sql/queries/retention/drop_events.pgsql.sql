-- Removes a month of calls that was taken out of the table.
-- Parameters: none; %1 stands for the month.
DROP TABLE spend_events_%1
