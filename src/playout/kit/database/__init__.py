"""PostgreSQL: embedded or named by a URL, its connections, transactions and schema."""
