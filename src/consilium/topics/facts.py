"""What can happen to a topic."""

RENAMED = "topic.renamed"
