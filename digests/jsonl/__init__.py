"""The JSON commands for programs: JSON in, JSON out, one object a line, same order (docs/commands.md)."""
