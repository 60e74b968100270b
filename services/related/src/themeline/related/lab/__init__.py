"""What `evaluate` and `fit` share: trials of files, their tables and documents, progress. No service loads it."""
