"""The Shares API (`/api`): landing pages of projects, and the credentials that render for them.

It has the habits of ASP.NET: camelCase, UUIDs, problem details.
"""
