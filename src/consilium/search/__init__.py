"""Finding what is there: an index of words and one of meanings, both views of the journal; the database is the truth."""
