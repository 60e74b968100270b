"""The pure part of ingest: drafts, identity and file formats. Values in, values out."""
