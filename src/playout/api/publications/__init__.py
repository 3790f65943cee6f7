"""The Publications API (`/v1`): snake_case, POST verbs, and REST aliases of them."""
