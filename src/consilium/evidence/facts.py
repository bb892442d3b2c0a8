"""What can happen to the evidence behind answers."""

CITED = "citation.added"
CITATION_CHANGED = "citation.changed"
UNCITED = "citation.removed"
WORK_CHANGED = "work.changed"
RETRACTED = "work.retracted"
