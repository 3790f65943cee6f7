"""The room of the audience: numbers of what viewers do."""
