"""The schema of the database: Alembic runs `env`, which runs the revisions in `versions`."""
