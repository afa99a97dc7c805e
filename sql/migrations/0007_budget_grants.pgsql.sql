-- What each gateway holds of a budget.
-- Reason: gateways that share a database must not spend the same money twice.

-- amount_nanos covers what a gateway's calls reserve, and what they have settled and its journal is not applied
-- for yet. expires_at is when others may take it if the gateway is not heard of again; null: never.
CREATE TABLE budget_grants (
    budget_id TEXT NOT NULL REFERENCES budgets (budget_id) ON DELETE CASCADE,
    journal_id BIGINT NOT NULL REFERENCES journals (id) ON DELETE CASCADE,
    amount_nanos BIGINT NOT NULL CHECK (amount_nanos > 0),
    expires_at BIGINT,
    PRIMARY KEY (budget_id, journal_id)
);

CREATE INDEX budget_grants_by_journal ON budget_grants (journal_id);
