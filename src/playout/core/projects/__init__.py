"""Projects: the containers of an organisation's videos (workspaces, properties)."""
