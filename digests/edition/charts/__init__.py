"""What a chart shows, as plain data: pure functions from facts to points, ranges, labels and the same in words."""
