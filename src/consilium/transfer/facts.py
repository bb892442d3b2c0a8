"""What an import tells the rest of the site."""

# One batch of rows came in; data holds `questions`: the first and last number of its questions.
IMPORTED = "transfer.imported"
