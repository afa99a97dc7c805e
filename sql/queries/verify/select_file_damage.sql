-- Lets SQLite check the structure of the file.
-- Parameters: none.
-- Columns: a sentence for each damage.
-- Index: none; every page is read.
SELECT quick_check
FROM pragma_quick_check
WHERE quick_check <> 'ok'
