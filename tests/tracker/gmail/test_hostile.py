"""Whatever stands where Gmail's answer or a mail should be, we say what it means, and nothing else escapes."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.makers import NOON
from tracker.gmail.failures import Answer, Passing, failure_of
from tracker.gmail.marks import carries
from tracker.ports import NotAuthorized, Refused, TryLater

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "errors", "reason", "message", "code"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.integers(300, 599), anything.map(lambda said: json.dumps(said).encode()) | st.binary(), st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_every_failure_tells_the_caller_what_to_do(status: int, body: bytes, wait: str):
    failure = failure_of(Answer(status, {"retry-after": wait}, body), "gmail.users.drafts.get", NOON)

    assert isinstance(failure, (Refused, TryLater, NotAuthorized, Passing))
    assert str(failure)


headers = st.sampled_from(
    [
        b"Content-Type: text/html; charset=",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"utf-16",
        b"\r\n",
        b"--a\r\n",
    ]
)


@given(st.lists(headers | st.binary(max_size=6), max_size=30).map(b"".join), st.binary(max_size=5))
@settings(max_examples=200, deadline=None)
def test_looking_into_any_bytes_gives_an_answer(raw: bytes, tail: bytes):
    assert carries(raw, ["a-mark-of-ours"]) is False
    assert carries(raw + b"a-mark-of-ours" + tail, ["a-mark-of-ours"]) is True
