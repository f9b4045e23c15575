"""Characters of a text layer put together to words."""

from collectors.accounts.scans.layer import words
from collectors.accounts.scans.paper import Character

HEIGHT = 10.8


def letters(text: str, left: float, top: float = 100.0) -> list[Character]:
    """Letters that touch each other, six points wide."""
    return [Character(each, left + 6 * n, top, left + 6 * n + 6, top + HEIGHT) for n, each in enumerate(text)]


FILLER = letters("enoughcharactersforapagetohaveatextlayer.", 0, 700)


def texts(characters: list[Character]) -> list[str]:
    return [word.text for word in words([*characters, *FILLER])][:-1]


def test_a_kerned_pair_of_capitals_parts_two_words_though_no_space_is_stored() -> None:
    assert texts([*letters("TOTAL", 0), *letters("ASSETS", 30 + 1.4)]) == ["TOTAL", "ASSETS"]


def test_letters_of_one_word_stay_together_however_they_are_stored() -> None:
    assert texts([*letters("Ne", 0), *letters("(7,663)", 200), *letters("t", 12)]) == ["Net", "(7,663)"]


def test_letters_set_a_little_apart_are_one_word() -> None:
    spread = [character for n, each in enumerate("ASSETS") for character in letters(each, 6.8 * n)]
    assert texts(spread) == ["ASSETS"]
