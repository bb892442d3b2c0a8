"""What can happen to a topic."""

RENAMED = "topic.renamed"
NEEDS_CHANGED = "topic.needs_changed"
# Topics of the shipped list were added.
LOADED = "topic.loaded"
