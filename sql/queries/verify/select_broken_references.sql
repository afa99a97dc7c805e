-- Finds rows that refer to a name that is not there.
-- Parameters: none.
-- Columns: table, number of such rows.
-- Index: primary key of names.
SELECT "table", COUNT(*)
FROM pragma_foreign_key_check
GROUP BY "table"
