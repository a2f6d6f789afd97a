"""Commands are run as a person would type them, without a shell."""

import sys
from pathlib import Path

from tests.standins.terminal import as_typed, run, twotick


async def test_all_that_a_command_says_is_kept_without_its_colours():
    ran = await run([sys.executable, "-c", r"import sys; print('\x1b[31mred\x1b[0m'); print('wrong', file=sys.stderr)"])

    assert sorted(ran.output.splitlines()) == ["red", "wrong"]


async def test_a_command_that_does_not_end_is_stopped():
    ran = await run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)

    assert not ran.ok
    assert "stopped" in ran.output


async def test_arguments_reach_the_command_as_they_are():
    ran = await run([sys.executable, "-c", "import sys; print(sys.argv[1])", "$HOME; `id` *"])

    assert ran.output == "$HOME; `id` *"


def test_a_command_is_shown_so_that_it_can_be_typed():
    assert as_typed(["twotick", "send", "--draft", "a b"]) == "twotick send --draft 'a b'"


async def test_a_command_that_is_not_there_is_said_in_words():
    ran = await run(["/no/such/twotick", "send"])

    assert ran.output == "/no/such/twotick cannot be run: No such file or directory"


def test_the_product_that_is_called_is_the_code_that_lies_here():
    program, *rest = twotick()

    assert Path(program).absolute() == Path(sys.executable).absolute()
    assert rest == ["-m", "tracker"]
