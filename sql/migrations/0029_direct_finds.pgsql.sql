-- Indexes for the call that has a request id, and for the users who have a role.
-- Reason: they were looked for row by row. The request id is what somebody names who asks what became of a request;
--   those that the gateway makes begin with the time, so that their index grows at its end.

CREATE INDEX spend_events_by_request ON spend_events (request_id);

CREATE INDEX spend_events_by_client_request ON spend_events (client_request_id) WHERE client_request_id IS NOT NULL;

CREATE INDEX users_by_role ON users (role, name_key, user_id);
