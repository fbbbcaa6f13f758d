"""Numbers with the singular or plural of a noun."""


def counted(number: int, noun: str) -> str:
    """Return ``1 area``, ``2 areas``, ``1,200 municipalities``."""
    many = noun[:-1] + "ies" if noun.endswith("ity") else noun + "s"
    return f"{number:,} {noun if number == 1 else many}"
