"""Types that several rooms share; nothing here imports another room."""
