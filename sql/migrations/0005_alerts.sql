-- Alerts about budgets: what was told, and what is still to be sent.
-- Reason: each threshold is told once in a window, whichever gateway sees it first, and nothing that is to be
-- told is lost with a process.

-- Which thresholds were told. window_start is zero where a budget has no window of the calendar. From expires_at
-- on a threshold may be told again; null: never.
CREATE TABLE alert_marks (
    budget_id TEXT NOT NULL CHECK (budget_id <> ''),
    threshold TEXT NOT NULL CHECK (threshold <> ''),
    amount_nanos INTEGER NOT NULL,
    window_start INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (budget_id, threshold, amount_nanos, window_start)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_marks_by_expiry ON alert_marks (expires_at) WHERE expires_at IS NOT NULL;

-- A budget that is made anew under an old id has been told nothing yet.
CREATE TRIGGER alert_marks_of_deleted_budget AFTER DELETE ON budgets
BEGIN
    DELETE FROM alert_marks WHERE budget_id = OLD.budget_id;
END;

-- One row for each alert and channel. A queued one is tried at due_at; who tries it moves that to the end of its
-- lease first. event is JSON, error is empty until an attempt fails, ended_at is null while it is queued.
CREATE TABLE alert_outbox (
    alert_id TEXT NOT NULL CHECK (alert_id <> ''),
    channel TEXT NOT NULL CHECK (channel <> ''),
    state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'given_up')),
    event TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    error TEXT NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (alert_id, channel),
    CHECK ((state = 'queued') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_outbox_by_due ON alert_outbox (channel, due_at) WHERE state = 'queued';

CREATE INDEX alert_outbox_by_end ON alert_outbox (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX alert_outbox_by_time ON alert_outbox (created_at);
