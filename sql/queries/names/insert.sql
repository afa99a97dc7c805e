-- Adds a name and gives it an id.
-- Parameters: 1 name.
-- Columns: id.
INSERT INTO names (name)
VALUES (?1)
RETURNING id
