-- Resets of budgets.
-- Reason: a budget can begin anew before its window ends, and who had that done is kept for good.

-- The first moment that counts; null: the budget was never reset. It is that of its newest row in budget_resets.
ALTER TABLE budgets ADD COLUMN last_reset_at INTEGER;

-- A row for each reset, for ever. spent_before_nanos is what was known as spent from window_from on and before
-- reset_at; window_from is zero where the budget counted since ever. scope and its ids are the budget's of then.
CREATE TABLE budget_resets (
    id INTEGER PRIMARY KEY,
    budget_id TEXT NOT NULL CHECK (budget_id <> ''),
    reset_at INTEGER NOT NULL,
    reset_by TEXT NOT NULL CHECK (reset_by <> ''),
    reason TEXT NOT NULL,
    window_from INTEGER NOT NULL,
    spent_before_nanos INTEGER NOT NULL,
    scope TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    CHECK (window_from <= reset_at)
) STRICT;

CREATE UNIQUE INDEX budget_resets_by_budget ON budget_resets (budget_id, reset_at);

CREATE TRIGGER budget_resets_stay BEFORE DELETE ON budget_resets
BEGIN
    SELECT RAISE(ABORT, 'resets of budgets are kept for good');
END;

CREATE TRIGGER budget_resets_stay_as_they_are BEFORE UPDATE ON budget_resets
BEGIN
    SELECT RAISE(ABORT, 'resets of budgets are kept for good');
END;
