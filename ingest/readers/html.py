"""Web pages: their main text, without what stands around it.

A page is cut into blocks as a browser would print them (`html_blocks`), the blocks of its own text are chosen
(`html_main`), and its headline comes first. Nothing of a chosen block is lost or doubled. Menus, cookie notices,
related links and footers are cut here and not later, so that offsets stay true; so are the lines that `ingest.clean`
knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import clean
from ..document import Extract
from ..errors import Damaged, Empty
from ..lines import Line, lay
from .html_blocks import Block, Element, blocks_of
from .html_facts import facts_of
from .html_headline import Names, names_of
from .html_main import Main, main_blocks
from .html_source import decode_page, parse


def read(data: bytes, *, name: str) -> Extract:
    """Read the main text of a page; a list item or table row is a line, other blocks have a blank line between them.

    Raises:
        Undecodable: no encoding fits the bytes.
        Damaged: elements are nested deeper than any browser draws.
        Empty: nothing is printed, or nothing but menus and links.
        IngestError: a `foedus:` fact in its head has a value that it does not take.
    """
    decoded = decode_page(data, name=name)
    tree = parse(decoded.text, name=name)
    blocks = blocks_of(tree)
    names = names_of(tree)
    main = _main(tree, blocks, names, name)
    facts = facts_of(tree, main.headline.text if main.headline else names.title, name=name)
    cleaned = clean.clean_lines([_flat(block) for block in main.blocks])
    text, headings = lay(_lines([main.blocks[index] for index in cleaned.kept]))
    generated = cleaned.generated or clean.clean_lines([_flat(block) for block in blocks]).generated
    return Extract(
        text=text,
        format="html",
        headings=headings,
        facts=facts,
        encoding=decoded.encoding,
        generated=generated,
        notices=(*decoded.notices, *cleaned.notices(len(main.blocks))),
    )


def _main(tree: Element, blocks: list[Block], names: Names, name: str) -> Main:
    if not blocks:
        raise Empty(f"{name}: the page prints no words by itself; save it from a browser, as text or PDF")
    try:
        main = main_blocks(tree, blocks, names)
    except RecursionError as error:
        raise Damaged(f"{name}: its elements are nested too deeply to be read; save it from a browser again") from error
    if not main.blocks:
        raise Empty(f"{name}: menus and links, but no text of its own; save the page that holds the text")
    return main


def _flat(block: Block) -> str:
    return " ".join(block.text.split())


def _lines(blocks: list[Block]) -> Iterator[Line]:
    """Lines of the text; a block right after one with the same words is a copy for another size of screen."""
    before: Block | None = None
    for block in blocks:
        if before is None or block.text != before.text or block.group is not None:
            yield Line(text=block.text, level=block.level or None, gap=before is None or not _same_list(before, block))
        before = block


def _same_list(one: Block, other: Block) -> bool:
    """Whether both are items of one list or rows of one table, or one stands in a list inside the other's."""
    if one.group is None or other.group is None:
        return False
    inside = one.group in other.group.iterancestors() or other.group in one.group.iterancestors()
    return one.group is other.group or inside
