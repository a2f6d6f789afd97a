"""Every real mail we have: with its attachments as links, or as it was; nothing in between."""

from email import message_from_bytes
from pathlib import Path

import pytest

from tests.tracker.tagging.mails import Events, data_of, html_part, leaves
from tests.tracker.tagging.test_corpus import CORPUS, MAILS, PAGES
from tests.tracker.tagging.test_linked import URL, a_mail, attached
from tracker.tagging import DocumentLink, Unsafe, linkable, with_links

pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of real mail ({CORPUS.name}) is not beside this folder")


def linked(raw: bytes) -> tuple[list[str], bytes]:
    files, _ = linkable(raw, 10**8)
    links = [DocumentLink(file.name, len(file.data), URL.format(number)) for number, file in enumerate(files)]
    return [file.name for file in files], with_links(raw, files, links) if files else raw


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_real_mail_loses_its_attachments_and_gains_their_lines_or_stays(path: Path) -> None:
    raw = path.read_bytes()

    try:
        names, out = linked(raw)
    except Unsafe:
        return

    old, new = leaves(raw), leaves(out)
    assert len(new) == len(old) - len(names)
    kept = [part for part in old if part.get_content_disposition() != "attachment"]
    texts = [part for part in new if part.get_content_disposition() != "attachment"]
    for before, after in zip(kept, texts, strict=False):
        assert before.get_content_type() == after.get_content_type()
        missing = [line for line in data_of(before).splitlines() if line not in data_of(after)]
        assert missing == [] or before.get_content_type() == "text/html"
    assert len(message_from_bytes(out).defects) <= len(message_from_bytes(raw).defects)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_real_page_keeps_every_other_tag_and_word(path: Path) -> None:
    page = path.read_bytes()
    for encoding in ("quoted-printable", "base64"):
        raw = a_mail(attached()).replace(html_part("<p>Hello").replace(b"\n", b"\r\n"), html_part(page, encoding))

        _, out = linked(raw)

        seen = _seen(out)
        start = seen.index(("div", [("style", "margin:1em 0")]))
        del seen[start : seen.index("div", seen.index("div", start) + 1) + 1]
        assert _joined(seen) == _joined(_seen(raw))


def _seen(raw: bytes) -> list[object]:
    html = next(data_of(part) for part in leaves(raw) if part.get_content_type() == "text/html")
    events = Events(html.decode("latin-1"))
    return [event if not isinstance(event, list) else tuple(event) for event in events.seen]


def _joined(seen: list[object]) -> list[object]:
    """Words on both sides of what was taken out are one text again."""
    joined: list[object] = []
    for event in seen:
        if joined and _is_text(event) and _is_text(joined[-1]):
            joined[-1] = (str(joined[-1][0]) + str(event[0]),)  # type: ignore[index]
        else:
            joined.append(event)
    return joined


def _is_text(event: object) -> bool:
    return isinstance(event, tuple) and len(event) == 1


def test_the_corpus_has_mails_whose_attachments_become_links() -> None:
    found = 0
    for path in MAILS:
        try:
            found += bool(linked(path.read_bytes())[0])
        except Unsafe:
            continue

    assert found >= 1
