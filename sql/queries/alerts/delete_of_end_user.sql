-- Removes the alerts about budgets of an end user, whether or not they were sent.
-- Parameters: 1 end_user.
-- Index: none; they are kept for some days.
DELETE FROM alert_outbox
WHERE
    json_extract(event, '$.scope') = 'end_user'
    AND json_extract(event, '$.scope_id') = ?1
