"""The SELECTs, one function an answer."""
