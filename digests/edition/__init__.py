"""What goes into a digest or an alert, for whom and when: pure functions over facts, with ``now`` passed in."""
