"""`python -m playout`."""

from playout.main import main

main()
