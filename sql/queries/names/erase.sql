-- Takes the text of a name away. Its row stays, so that nothing has to be looked through that may refer to it.
-- Parameters: 1 name.
-- Index: that of name.
UPDATE names
SET name = 'erased:' || id
WHERE name = ?1
