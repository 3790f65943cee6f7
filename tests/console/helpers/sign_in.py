"""A member who signs in to the console in a browser."""

from playwright.sync_api import Page


def sign_in_by_token(page: Page, token: str) -> None:
    """Fill the form for tokens, which stands behind that for passwords once anybody has one."""
    other_way = page.locator("details.other-way > summary")
    if other_way.count():
        other_way.click()
    page.get_by_label("Your token").fill(token)
    page.locator("form:has(#token) button").click()
