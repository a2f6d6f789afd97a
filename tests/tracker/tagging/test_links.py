"""Which hrefs are tracked, what address they are tracked to, and how it is written."""

import pytest

from tests.tracker.tagging.mails import BASE, html_part, mail, tag, tagged_html, tracked
from tracker.tagging.links import address_in, is_unsubscribe


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ('href="https://acme.example/?a=1&amp;b=2"', "https://acme.example/?a=1&b=2"),
        ('href="https://acme.example/?a=1&copy=2"', "https://acme.example/?a=1&copy=2"),
        ("href='https://acme.example/\"x\"'", 'https://acme.example/"x"'),
        ("href=https://acme.example/x/", "https://acme.example/x/"),
        ("href = https://acme.example/x", "https://acme.example/x"),
        ('href="https://first.example" href="https://second.example"', "https://first.example"),
        ('href=" \n https://acme.example/x\t "', "https://acme.example/x"),
        ('href="https://acme.example/a\n b"', "https://acme.example/a b"),
        ('href="https://bücher.example/straße?q=ü"', "https://bücher.example/straße?q=ü"),
        ('href="https://b&uuml;cher.example/"', "https://bücher.example/"),
        ('href="https://acme.example/caf%C3%A9s%20bar"', "https://acme.example/caf%C3%A9s%20bar"),
        ('href="HTTPS://ACME.example/"', "HTTPS://ACME.example/"),
    ],
)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_web_link_is_tracked_to_the_address_a_browser_reads(written: str, address: str, newline: bytes) -> None:
    done = tag(mail(html_part(f"<p><a class=x {written}>text</a>"), newline))

    assert f'"{tracked(address)}"'.encode() in done.raw
    assert done.links == 1


def test_the_name_of_the_attribute_and_all_around_it_stay_as_written() -> None:
    html = tagged_html("<A title='>' HREF=https://acme.example/>x</A >")

    assert html == f"<A title='>' HREF=\"{tracked('https://acme.example/')}\">x</A >"


def test_a_link_of_an_image_map_is_tracked() -> None:
    html = tagged_html('<map><area href="https://acme.example/"></map>')

    assert tracked("https://acme.example/") in html


def test_a_link_that_runs_across_blocks_is_tracked_once() -> None:
    done = tag(mail(html_part('<a href="https://acme.example/">1<p>2</p>3<div>4</a>5</div>')))

    assert done.links == 1


@pytest.mark.parametrize(
    "page",
    [
        '<a href="mailto:ada@acme.example">x</a>',
        '<a href="tel:+4312345">x</a>',
        '<a href="cid:part1@us">x</a>',
        '<a href="#top">x</a>',
        '<a href="/relative?x=1">x</a>',
        '<a href="//acme.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="">x</a>',
        "<a href>x</a>",
        "<a name=x>x</a>",
        '<a href="https://">x</a>',
        '<a href="{{link}}">x</a>',
        '<a href="*|LINK|*">x</a>',
        '<a href="[[link]]">x</a>',
        '<a href="%LINK%">x</a>',
        '<a href="https://acme.example/?id={{ id }}">x</a>',
        '<a href="https://acme.example/?id=*|ID|*">x</a>',
        '<a href="https://acme.example/%FIRSTNAME%">x</a>',
        '<a href="https://acme.example/%DATE%">x</a>',
        '<a href="https://acme.example/[[id]]">x</a>',
        '<a href="https://acme.example/<%= id %>">x</a>',
        '<img src="https://acme.example/x.png">',
        '<link href="https://acme.example/x.css">',
        '<form action="https://acme.example/"></form>',
        '<!-- <a href="https://acme.example/">x</a> -->',
        '<style>/* <a href="https://acme.example/"> */</style>',
        '<svg><a href="https://acme.example/"></a></svg>',
        f'<a href="{BASE}/r/TOKEN">what the sender sees</a>',
        f'<a href="{BASE}/c/!notours!">x</a>',
    ],
)
def test_what_is_no_plain_web_link_stays(page: str) -> None:
    assert tagged_html("<p>" + page) == "<p>" + page


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://acme.example/unsubscribe?u=1">here</a>',
        '<a href="https://acme.example/x">Unsub<b>scribe</b></a>',
        '<a href="https://acme.example/x">Newsletter abmelden</a>',
        '<a href="https://acme.example/x">Se désabonner</a>',
        '<a href="https://acme.example/x">Opt out</a>',
    ],
)
def test_the_way_out_of_a_mailing_list_stays_untracked(page: str) -> None:
    assert tagged_html("<p>" + page) == "<p>" + page


def test_an_address_in_list_unsubscribe_stays_untracked() -> None:
    head = b"List-Unsubscribe: <mailto:out@us.example>,\n <https://us.example/o?1>\n"
    raw = mail(head + html_part('<a href="https://us.example/o?1">x</a>'))

    assert tag(raw).links == 0


def test_links_stay_when_they_are_not_to_be_tracked() -> None:
    page = '<a href="https://acme.example/">x</a>'

    assert tagged_html(page, links=False) == page


def test_a_link_too_long_for_a_token_stays_and_the_sender_is_told() -> None:
    long, fits = (f"https://acme.example/{'x' * length}" for length in (1480, 1479))

    done = tag(mail(html_part(f'<a href="{long}">1</a>\n<a href="{fits}">2</a>', "quoted-printable")))

    assert done.links == 1
    assert done.notes == ("1 link left untracked: longer than 1,500 characters.",)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r", "shift_jis", "gb18030", "euc-jp"])
def test_an_address_is_read_in_the_charset_of_its_part(charset: str) -> None:
    done = tag(mail(html_part('<a href="https://acme.example/привет">x</a>', "base64", charset), b"\n"))

    assert done.links == 1
    assert tag(done.raw, links=False).raw == tag(mail(_numeric(charset), b"\n"), links=False).raw


def _numeric(charset: str) -> bytes:
    """What a restored link looks like: its letters as numbers, which read the same in any charset."""
    numbers = "".join(f"&#{ord(letter)};" for letter in "привет")
    return html_part(f'<a href="https://acme.example/{numbers}">x</a>', "base64", charset)


def test_bytes_outside_the_claimed_charset_are_read_as_utf_8_or_left_untracked() -> None:
    utf8, neither = ('<a href="https://acme.example/é">x</a>'.encode(code) for code in ("utf-8", "latin-1"))

    assert tag(mail(html_part(utf8, charset="us-ascii"))).links == 1
    assert tag(mail(html_part(neither, charset="us-ascii"))).links == 0


def test_percent_signs_of_an_encoded_address_are_no_merge_tags() -> None:
    assert address_in("https://acme.example/%E4%BD%A0%20abc%2F") is not None


def test_an_ordinary_shop_link_is_no_way_out_of_a_list() -> None:
    assert not is_unsubscribe("https://acme.example/subscribe", "Subscribe now", ())
