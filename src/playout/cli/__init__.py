"""The command line: commands for operators and scripts."""
