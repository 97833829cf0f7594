"""Values to text: one module an output."""
