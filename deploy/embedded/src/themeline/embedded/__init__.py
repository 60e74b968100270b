"""Themeline on one machine: PostgreSQL and Valkey from wheels, supervised together with the services."""
