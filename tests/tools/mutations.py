"""Damage to bytes, for fuzzing: what transmission, editors, spreadsheets and ill will do to a file."""

from hypothesis import strategies as st

INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, ord("-"), ord('"'), ord(","), ord("\n"), ord("["), ord("9"))


@st.composite
def damaged(draw: st.DrawFn, examples: list[bytes], words: tuple[bytes, ...]) -> bytes:
    """A good example after one to four pieces of damage; now and then nothing but noise.

    Parameters
    ----------
    examples : list of bytes
    words : tuple of bytes
        Pieces that this kind of input knows, put in where they do not belong.
    """
    if draw(st.integers(0, 19)) == 0:
        return draw(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8"))))
    data = draw(st.sampled_from(examples))
    for _ in range(draw(st.integers(1, 4))):
        data = damage(draw, data, words)
    return data


def damage(draw: st.DrawFn, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """One piece of damage."""
    at = draw(st.integers(0, len(data)))
    to = min(len(data), at + draw(st.integers(0, 12)))
    kind = draw(st.sampled_from(("byte", "cut", "delete", "repeat", "word", "cell", "swap", "noise")))
    if kind == "byte" and data:
        return data[:at] + bytes([draw(st.sampled_from(INTERESTING))]) + data[at + 1 :]
    if kind == "cut":
        return data[:at]
    if kind == "delete":
        return data[:at] + data[to:]
    if kind == "repeat":
        return data[:to] + data[at:to] * draw(st.integers(1, 50)) + data[to:]
    if kind == "word" and words:
        return data[:at] + draw(st.sampled_from(words)) + data[at:]
    if kind == "cell":
        return replace_token(draw, data, words)
    if kind == "swap":
        lines = data.split(b"\n")
        i, j = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        lines[i], lines[j] = lines[j], lines[i]
        return b"\n".join(lines)
    return data[:at] + draw(st.binary(max_size=8)) + data[to:]


def replace_token(draw: st.DrawFn, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """Another value in place of a whole cell, number or word."""
    separators = b",;:\n\t []{}"
    starts = [at for at in range(len(data)) if data[at] not in separators and (at == 0 or data[at - 1] in separators)]
    if not starts:
        return data
    at = draw(st.sampled_from(starts))
    to = at
    while to < len(data) and data[to] not in separators:
        to += 1
    return data[:at] + draw(st.sampled_from(words or (b"0", b"-1", b"x"))) + data[to:]
