-- Makes the partition of a month of tags of calls.
-- Parameters: none; %1 stands for the month, e.g. y2026m11, %2 and %3 for its begin and end in milliseconds.
CREATE TABLE IF NOT EXISTS spend_event_tags_%1
PARTITION OF spend_event_tags FOR VALUES FROM (%2) TO (%3)
