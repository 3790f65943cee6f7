"""The Videos API (`/api/v1`): Django-REST-Framework habits; also Playout's management API."""
