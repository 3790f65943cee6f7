"""The Shares API (`/api`): landing pages of projects, and the credentials that render for them.

It follows the conventions of ASP.NET: camelCase, UUIDs, problem details.
"""
