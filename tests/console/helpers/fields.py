"""What a browser would send from a page of the console."""

import re
from html import unescape


def fields_of(html: str) -> dict[str, str]:
    """The values in the form that saves a video, as a browser would send them."""
    form = re.search(r'<form class="form" id="save".*?</form>', html, re.DOTALL)[0]
    form += "".join(re.findall(r'<(?:input|select)[^>]* form="save".*?(?:</select>|>)', html, re.S))
    found = {
        re.search(r' name="(\w+)"', each)[1]: unescape(re.search(r' value="([^"]*)"', each)[1])
        for each in re.findall(r"<input[^>]*>", form)
        if 'type="checkbox"' not in each
    }
    found |= {
        match[1]: unescape(match[2])
        for match in re.finditer(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S)
    }
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    if ' name="downloads" form="save" checked' in html:
        found["downloads"] = "on"
    return found
