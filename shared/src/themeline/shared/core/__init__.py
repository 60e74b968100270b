"""Pure parts that two services need."""
