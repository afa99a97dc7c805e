-- What each gateway holds of a budget.
-- Reason: the schema is that of PostgreSQL, where gateways share a database. Here it stays empty: a file has one
-- gateway.

CREATE TABLE budget_grants (
    budget_id TEXT NOT NULL,
    journal_id INTEGER NOT NULL,
    amount_nanos INTEGER NOT NULL CHECK (amount_nanos > 0),
    expires_at INTEGER,
    PRIMARY KEY (budget_id, journal_id)
) STRICT, WITHOUT ROWID;
