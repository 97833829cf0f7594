"""Words, times, sounds and differences: rules of plain text."""
