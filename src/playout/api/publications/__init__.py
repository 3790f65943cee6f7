"""The Publications API (`/v1`): snake_case, and verbs in POST paths that also exist as REST."""
