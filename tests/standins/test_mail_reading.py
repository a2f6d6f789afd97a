"""Reading mail as a mail client does, however broken or hostile the mail is."""

import pytest

from tests.standins.mail_reading import Link, harmless, read_mail
from tests.standins.page_bench import html_mail


def test_every_kind_of_remote_image_is_found_once_and_in_order():
    html = (
        '<body background="http://localhost/1"><img src=http://localhost/2?a=1&amp;b=2>'
        '<p style="background:url(\'http://localhost/3\')"><img src="http://localhost/1"><img src="cid:logo">'
    )

    assert read_mail(html_mail(html)).images == (
        "http://localhost/1",
        "http://localhost/2?a=1&b=2",
        "http://localhost/3",
    )


def test_links_carry_their_words_and_only_web_addresses_count():
    html = (
        '<a href="https://a.example/">The <b>plan</b></a> <a href="mailto:x@y.example">write</a> <a href="#top">up</a>'
    )

    assert read_mail(html_mail(html)).links == (Link("The plan", "https://a.example/"),)


def test_addresses_in_a_plain_mail_are_its_links():
    mail = read_mail(b"Subject: Plain\r\n\r\nSee https://a.example/plan.\r\n")

    assert [link.address for link in mail.links] == ["https://a.example/plan"]


def test_a_plain_mail_is_shown_as_text():
    mail = read_mail(b"Subject: Plain\r\n\r\n<b>not bold</b>\r\n")

    assert "&lt;b&gt;not bold" in mail.html


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-7", "unicode_escape", "us-ascii", '"utf-8'])
def test_a_lying_charset_still_shows_the_mail(charset):
    raw = f"Subject: Odd\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode() + b"<p>caf\xe9 here</p>"

    assert "here" in read_mail(raw).html


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0\0", b"From: =?x?=\r\nSubject: \xff\r\n", b"Content-Type: multipart/mixed\r\n\r\nx"]
)
def test_bytes_that_are_hardly_a_mail_are_read_all_the_same(raw):
    assert read_mail(raw).images == ()


def test_an_inline_image_becomes_part_of_the_html():
    raw = (
        b"Content-Type: multipart/related; boundary=b\r\n\r\n"
        b'--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:logo@x">\r\n'
        b"--b\r\nContent-Type: image/gif\r\nContent-ID: <logo@x>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nR0lG\r\n--b--\r\n"
    )

    assert 'src="data:image/gif;base64,R0lG"' in read_mail(raw).html


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="dns-prefetch" href="//spy.example">',
        '<META http-equiv="refresh" content="0;url=http://spy.example">',
        "<script>fetch('http://spy.example')</script>",
        '<base href="http://spy.example">',
        '<iframe src="http://spy.example"></iframe>',
        "<!-- spy.example -->",
        '<a ping="http://spy.example" href="#">x</a>',
    ],
)
def test_what_could_run_or_lead_away_is_taken_out_before_showing(html):
    assert "spy.example" not in harmless(html)


def test_a_shown_link_says_its_address_and_leads_nowhere():
    shown = harmless('<a href="http://a.example/?q=1&amp;r=2" style="color:red">go</a>')

    assert "href" not in shown
    assert 'title="http://a.example/?q=1&amp;r=2"' in shown


def test_what_is_harmless_is_shown_as_it_was_written():
    html = '<table border=0><tr><td style="color:#333">Gr&uuml;&#223;e &amp; <img src=x alt=""></td></tr></table>'

    assert harmless(html) == html
