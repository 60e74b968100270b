"""Feeds as values: what one says, where a site keeps it, when to read it again. Bytes in, values out."""
