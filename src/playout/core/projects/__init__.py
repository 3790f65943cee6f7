"""Projects: the containers of an organization's videos (workspaces, properties)."""
