-- Gives a journal an id, the first time.
-- Parameters: 1 its name.
-- Index: unique index of name.
INSERT INTO journals (name, applied, retain)
VALUES (?1, 0, 0)
ON CONFLICT (name) DO NOTHING
