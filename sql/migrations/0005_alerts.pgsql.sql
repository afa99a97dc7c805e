-- Alerts about budgets: what was told, and what is still to be sent.
-- Reason: each threshold is told once in a window, whichever gateway sees it first, and nothing that is to be
-- told is lost with a process.

CREATE TABLE alert_marks (
    budget_id TEXT NOT NULL CHECK (budget_id <> ''),
    threshold TEXT NOT NULL CHECK (threshold <> ''),
    amount_nanos BIGINT NOT NULL,
    window_start BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (budget_id, threshold, amount_nanos, window_start)
);

CREATE INDEX alert_marks_by_expiry ON alert_marks (expires_at) WHERE expires_at IS NOT NULL;

-- A budget that is made anew under an old id has been told nothing yet.
CREATE FUNCTION forget_alert_marks() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM alert_marks WHERE budget_id = OLD.budget_id; RETURN NULL; END $$;

CREATE TRIGGER alert_marks_of_deleted_budget AFTER DELETE ON budgets
FOR EACH ROW EXECUTE FUNCTION forget_alert_marks();

CREATE TABLE alert_outbox (
    alert_id TEXT NOT NULL CHECK (alert_id <> ''),
    channel TEXT NOT NULL CHECK (channel <> ''),
    state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'given_up')),
    event TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    error TEXT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (alert_id, channel),
    CHECK ((state = 'queued') = (ended_at IS NULL))
);

CREATE INDEX alert_outbox_by_due ON alert_outbox (channel, due_at) WHERE state = 'queued';

CREATE INDEX alert_outbox_by_end ON alert_outbox (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX alert_outbox_by_time ON alert_outbox (created_at);
