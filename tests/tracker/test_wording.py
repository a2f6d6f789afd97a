from tests.makers import a_copy, a_judged, a_verdict
from tracker.model import Cause, Recipient
from tracker.wording import passed_on_words, reader_words, source_words

ADA, ZOE, ALAN, GRACE, MARY = (Recipient(f"{name}@x.example", name) for name in ("Ada", "Zoë", "Alan", "Grace", "Mary"))
OURS = a_copy(recipients=(ADA, ZOE, ALAN))
OPEN = a_judged()


def test_a_pixel_of_ones_own_says_who() -> None:
    assert reader_words(OPEN, (ADA,), a_copy(recipients=(ADA,))) == "Ada"


def test_a_shared_pixel_names_nobody() -> None:
    assert reader_words(OPEN, OURS.recipients, OURS) == "Someone of 3"


def test_the_possible_readers_of_a_shared_pixel_are_named_with_how_many_there_are() -> None:
    assert reader_words(OPEN, (ADA, ZOE), OURS) == "Ada or Zoë (of 3)"


def test_a_single_possible_reader_is_still_no_more_than_possible() -> None:
    assert reader_words(OPEN, (ZOE,), OURS) == "Perhaps Zoë (of 3)"


def test_three_possible_readers_are_named() -> None:
    everybody = a_copy(recipients=(ADA, ZOE, ALAN, GRACE))

    assert reader_words(OPEN, (ADA, ZOE, ALAN), everybody) == "Ada, Zoë or Alan (of 4)"


def test_more_possible_readers_than_one_can_read_are_someone() -> None:
    everybody = a_copy(recipients=(ADA, ZOE, ALAN, GRACE, MARY))

    assert reader_words(OPEN, (ADA, ZOE, ALAN, GRACE), everybody) == "Someone of 5"


def test_where_no_recipient_explains_it_nobody_is_left_out() -> None:
    assert reader_words(OPEN, (), OURS) == "Someone of 3"


def test_the_senders_own_look_is_theirs() -> None:
    assert reader_words(a_judged(verdict=a_verdict(cause=Cause.SELF)), OURS.recipients, OURS) == "You"


def test_a_place_goes_with_its_client() -> None:
    assert source_words("Outlook on Windows", "Lyon, France") == "Outlook on Windows in Lyon, France"


def test_without_a_place_the_client_stands_alone() -> None:
    assert source_words("through Gmail", "") == "through Gmail"


def test_another_mail_system_is_no_claim_that_somebody_forwarded() -> None:
    assert passed_on_words("Yahoo") == (
        "Also loaded from another mail system: Yahoo. The same person elsewhere, or a forward."
    )
