"""The few plain pages that anybody may see."""

from string import Template

from aiohttp import web

# Nothing is cached, nobody learns from us where a reader came from, and nothing on a page of ours may run.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_HEADERS = {**PRIVATE, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>$title</title>
<style>
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 2rem; padding: 0 1.25rem;
  color: #1d2330; background: #fbfbfd; overflow-wrap: break-word }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem }
p { margin: 0 0 1rem }
a { color: #0b5cad }
ul { margin: 0 0 1rem; padding-left: 1.25rem }
a.button, button { display: inline-block; padding: .6rem 1.4rem; border: 0; border-radius: .5rem; background: #0b5cad;
  color: #fff; font: inherit; text-decoration: none; font-weight: 600; cursor: pointer }
button { margin: 0 0 1.25rem }
.quiet { font-size: .9375rem; color: #596273 }
@media (prefers-color-scheme: dark) { body { color: #e6e8ee; background: #14171f } a { color: #8ab8ff }
  a.button, button { background: #8ab8ff; color: #14171f } .quiet { color: #a3abba } }
</style>
</head>
<body><main>
<h1>$title</h1>
$body
</main></body>
</html>
""")


def page(title: str, body: str, status: int = 200) -> web.Response:
    """A page of our own words: `body` is HTML and must hold nothing that a visitor sent."""
    text = _PAGE.substitute(title=title, body=body)
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)


def home_page() -> web.Response:
    return page(
        "Twotick is running",
        "<p>Two ticks when they have read it, in Slack: honest open tracking for Gmail, self-hosted.</p>\n"
        "<p>This is the tracker of the people who sent you here. What it keeps, for how long, and how to set it up"
        " is told in the README that came with it.</p>",
    )


def not_found_page() -> web.Response:
    return page(
        "This page does not exist",
        "<p>The address may have been cut short or changed on its way to you."
        " If it came in a mail, ask the person who sent it for the link.</p>",
        status=404,
    )
