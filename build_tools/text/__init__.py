"""Words, times, sounds and differences: what is known of plain text."""
