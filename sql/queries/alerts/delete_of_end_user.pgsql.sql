-- Removes the alerts about budgets of an end user, whether or not they were sent.
-- Parameters: 1 end_user.
-- Index: none; they are kept for some days.
DELETE FROM alert_outbox
WHERE
    CAST(event AS JSON) ->> 'scope' = 'end_user'
    AND CAST(event AS JSON) ->> 'scope_id' = ?1
