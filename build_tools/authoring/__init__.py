"""Commands that help people write one edition."""
