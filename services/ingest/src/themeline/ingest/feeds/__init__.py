"""The use cases around feeds: managed, shown, imported and exported. Their polling is in `poll`."""
