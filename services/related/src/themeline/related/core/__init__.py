"""The relation engine: values in, values out."""
