"""Logs and metrics: one form in every process."""
