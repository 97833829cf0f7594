"""`python -m build_tools` is the command `sic`."""

from build_tools.cli import main

main()
