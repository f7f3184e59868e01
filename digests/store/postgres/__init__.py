"""Many machines on one PostgreSQL."""
