"""What search tells the rest of the site."""

# Vectors of questions were stored; data holds `questions`: their numbers.
EMBEDDED = "vectors.stored"
