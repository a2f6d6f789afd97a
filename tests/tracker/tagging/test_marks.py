"""Our own earlier pixels and tracked links in quoted history."""

import pytest

from tests.tracker.tagging.mails import BASE, OLD_PIXEL, PIXEL, html_of, html_part, mail, tag, tagged_html, tracked
from tracker.clock import new_id
from tracker.tagging import Tagged, Tagging, tag_mail, tagging_for
from tracker.tokens import Tokens


@pytest.mark.parametrize(
    "img",
    [
        f'<img src="{OLD_PIXEL}" width="1" height="1" alt="">',
        f"<IMG alt='' src='{OLD_PIXEL}'/>",
        f"<img width=1 src={OLD_PIXEL}>",
        f'<img src="{OLD_PIXEL}?x=1&amp;y=2">',
        f'<img src=" {OLD_PIXEL.replace("https", "http")} ">',
        f'<img src="{OLD_PIXEL.replace("t.example", "T.Example")}">',
        f'<img\nsrc="{PIXEL}"\nclass="gmail-x">',
        f'<img src="https://ci3.googleusercontent.com/meips/ADKq_N=s0-d-e1-ft#{OLD_PIXEL}" class="CToWUd">',
    ],
)
@pytest.mark.parametrize("links", [True, False])
def test_an_earlier_pixel_of_ours_is_cut_out(img: str, links: bool) -> None:
    html = tagged_html(f"<p>New</p><blockquote>a {img} b</blockquote>", links=links)

    assert html == "<p>New</p><blockquote>a  b</blockquote>"


@pytest.mark.parametrize(
    "img",
    [
        f'<img src="{BASE}.evil.example/o/x.gif">',
        f'<img src="{BASE}/o/x.png">',
        f'<img src="{BASE}/logo.gif">',
        f'<img src="https://acme.example/?{OLD_PIXEL}">',
        f'<img src="https://acme.example/#{OLD_PIXEL}">',
        '<img src="cid:x">',
        "<img>",
        f'<textarea><img src="{OLD_PIXEL}"></textarea>',
    ],
)
def test_an_image_that_is_not_ours_stays(img: str) -> None:
    assert tagged_html("<p>" + img) == "<p>" + img


@pytest.mark.parametrize("address", ["https://acme.example/?a=1&b=%22", "https://bücher.example/ü"])
def test_an_earlier_tracked_link_gets_its_address_back_when_links_are_off(address: str) -> None:
    raw = mail(html_part(f'<a href="{tracked(address)}">x</a>'))

    done = tag(raw, links=False)

    written = address.replace("&", "&amp;").encode("ascii", "xmlcharrefreplace")
    assert b'<a href="' + written + b'">x</a>' in done.raw
    assert (done.links, done.restored) == (0, 1)


def test_an_earlier_tracked_link_is_tracked_anew_to_its_own_address() -> None:
    raw = mail(html_part(f'<a href="{tracked("https://acme.example/")}">x</a>'))

    done = tag(raw)

    assert tracked("https://acme.example/").encode() in done.raw
    assert tracked(tracked("https://acme.example/")).encode() not in done.raw
    assert (done.links, done.restored) == (1, 1)


def test_tagging_twice_is_tagging_once() -> None:
    raw = mail(html_part('<body><p><a href="https://acme.example/">x</a> <a href=mailto:a@b.example>y</a>'))

    once = tag(raw)

    assert tag(once.raw).raw == once.raw


def test_a_page_that_is_nothing_but_an_old_pixel_ends_with_the_new_one() -> None:
    done = tag(mail(html_part(f'<img src="{OLD_PIXEL}">')))

    assert (done.raw.count(b"/o/"), done.pixels_cut) == (1, 1)


def test_a_copys_marks_are_signed_and_read_back_with_the_operators_keys() -> None:
    copy_id, tokens = new_id(), Tokens(["key"])
    raw = mail(html_part('<p><a href="https://acme.example/ü">x</a>', "7bit"))

    done = tag_mail(raw, tagging_for(copy_id, tokens, BASE + "/", links=True))

    assert isinstance(done, Tagged)
    html = html_of(done.raw)
    assert f'src="{BASE}/o/{tokens.pixel(copy_id)}.gif"' in html
    assert f'href="{BASE}/c/{tokens.link(copy_id, "https://acme.example/ü")}"' in html


def test_a_link_signed_with_a_strangers_key_stays_as_it_is() -> None:
    copy_id = new_id()
    ours = tag_mail(mail(html_part('<a href="https://acme.example/">x</a>')), _signing(copy_id, "another key"))

    again = tag_mail(ours.raw, _signing(copy_id, "key"))

    assert isinstance(again, Tagged)
    assert (again.links, again.restored, again.pixels_cut) == (0, 0, 1)


def _signing(copy_id: str, key: str) -> Tagging:
    return tagging_for(copy_id, Tokens([key]), BASE, links=True)
