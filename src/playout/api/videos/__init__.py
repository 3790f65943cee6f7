"""The Videos API (`/api/v1`): videos and everything else that an organization manages.

It has the habits of Django REST Framework: snake_case, integer ids, pages, slashes at the end.
"""
