"""The pages of accounts: to sign in and out, by account link, and the first start."""
