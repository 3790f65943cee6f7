"""The Videos API (`/api/v1`): videos and everything else that an organization manages.

It follows Django REST Framework: snake_case, integer ids, pages, slashes at the end.
"""
