-- Adds a name and gives it an id, unless another gateway has just done so.
-- Parameters: 1 name.
-- Columns: id.
INSERT INTO names (name)
VALUES (?1)
ON CONFLICT (name) DO NOTHING
RETURNING id
