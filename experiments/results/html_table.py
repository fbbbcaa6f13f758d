"""A small table in HTML, as notebooks show a result."""

from collections.abc import Sequence

from markupsafe import Markup

from experiments.results.html import marked

LEFT, RIGHT = "text-align:left", "text-align:right"


def html_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """A table whose first column is text and whose others are numbers.

    Parameters
    ----------
    caption, note : str
        Above and below the table.
    header : sequence of str
        A text per column.
    rows : sequence of sequences of str
        As many cells each as the header has; numbers already in the local style.

    Returns
    -------
    str
        HTML, in which every sign of these texts is shown as it is.
    """
    top = marked('<caption style="caption-side:top;{at};font-weight:bold">{words}</caption>', at=LEFT, words=caption)
    head, body = row_of("th", header), Markup("").join(row_of("td", row) for row in rows)
    below = marked('<p style="margin:0;font-size:smaller">{words}</p>', words=note) if note else ""
    form = "<div><table>{top}<thead>{head}</thead><tbody>{body}</tbody></table>{below}</div>"
    return str(marked(form, top=top, head=head, body=body, below=below))


def row_of(tag: str, cells: Sequence[str]) -> Markup:
    """A row of cells, the first to the left and the others to the right."""
    form = f'<{tag} style="{{style}}">{{words}}</{tag}>'
    shown = (marked(form, style=RIGHT if at else LEFT, words=cell) for at, cell in enumerate(cells))
    return marked("<tr>{cells}</tr>", cells=Markup("").join(shown))
