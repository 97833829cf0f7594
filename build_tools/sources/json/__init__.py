"""Readers of JSON that recognisers write."""
