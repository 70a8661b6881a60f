"""What boilerplate calls itself: in tags and roles, in class names and ids, and in the first words of a line.

Words of a dozen languages and of no particular site. A cue alone removes nothing: `html_main` also asks how much of the
page's text stands under it.
"""

from __future__ import annotations

import re
from typing import Final

from .html_blocks import Block, Element

PROSE_WORDS: Final = 8  # fewer are a caption, a label or a line of a menu

_LANDMARKS: Final = frozenset({"nav", "aside", "footer"})
_ROLES: Final = frozenset(
    {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search"}
)
_BOILERPLATE: Final = """
    ad ads advert advertisement advertising banner breadcrumb breadcrumbs byline comment comments consent cookie cookies
    cta disqus donate footer gdpr login masthead menu modal nav navbar navigation newsletter newsletters outbrain
    pagination pager paywall popup promo promos promoted promotion readmore recirc recirculation recommend
    recommendation recommendations recommended related scrim share sharebar sharedaddy sharing sidebar signup social
    sponsor sponsored subscribe subscription syndication taboola tags teaser teasers toolbar trending
"""
_PICTURES: Final = "caption captions credit credits gallery image images media photo photos slideshow video videos"
_NOTICE_NAMES: Final = frozenset({"consent", "cookie", "cookies", "gdpr"})
_BOILERPLATE_NAMES: Final = frozenset(_BOILERPLATE.split())
_PICTURE_NAMES: Final = frozenset(_PICTURES.split())
_POINTER: Final = re.compile(
    r"""\W*(?:
        (?:related|see\ also|see\ more|read\ (?:more|also|next|the\ full)|also\ (?:read|on)|more\ (?:from|on|stories)
          |watch(?:\ also)?|don['’]t\ miss|up\ next|recommended|you\ (?:may|might)\ (?:also\ )?(?:like|enjoy)
          |leggi\ anche|lire\ aussi|lea\ también|siehe\ auch|lesen\ sie\ auch|mehr\ zum\ thema|leia\ (?:também|mais)
          |lees\ ook|tags|filed\ under)\b
        |(?:click|tap)\ here\b
        |(?:sign\ up|subscribe)\b.{0,80}\b(?:newsletter|e-?mail|inbox|channel|podcast)
        |follow\ (?:us|\S+(?:\ \S+){0,3}\ on)\b
        |like\ this\ (?:story|article)\b|if\ you\ (?:enjoyed|liked)\ this\b|share\ (?:this|it)\b
        |copyright\b|©|all\ rights\ reserved|advertisement\b|to\ read\ the\ full\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PROVISION: Final = re.compile(
    r"(?:\b(?i:articles?|arts?\.|sections?|paragraphs?|chapters?|annex|parts?|clauses?)\s|§)\s?[\dIVXLC(]"
)
_NAME_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_POINTER_WORDS: Final = 12  # a longer line without a link is a sentence that happens to begin so


def names_itself_boilerplate(element: Element) -> bool:
    """Whether tag, role, class or id say: navigation, advertisement, comments, related links, share bar …"""
    if element.tag in _LANDMARKS or element.get("role") in _ROLES:
        return True
    return not _BOILERPLATE_NAMES.isdisjoint(_names(element))


def names_itself_notice(element: Element) -> bool:
    """Whether tag, role, class or id say what no wrapper of a whole page says: footer, menu, cookie notice …"""
    if element.tag in _LANDMARKS or element.get("role") in _ROLES:
        return True
    return not _NOTICE_NAMES.isdisjoint(_names(element))


def names_itself_picture(element: Element) -> bool:
    """Whether tag, class or id say that this belongs to a picture or film."""
    return element.tag in {"figure", "figcaption"} or not _PICTURE_NAMES.isdisjoint(_names(element))


def is_prose(block: Block) -> bool:
    """A paragraph of running text: not a heading, not a label, not mostly links."""
    return block.level == 0 and block.words >= PROSE_WORDS and not is_mostly_links(block)


def is_sentence(block: Block) -> bool:
    """Prose, or a short line that ends as sentences and items of provisions do."""
    ends = block.level == 0 and block.words > 2 and block.text.rstrip('"”’»)').endswith((".", "!", "?", ";", ":", "。"))
    return is_prose(block) or (ends and not is_mostly_links(block))


def is_mostly_links(block: Block) -> bool:
    return block.linked >= 0.5 * len(block.text)


def is_link_only(block: Block) -> bool:
    """A line that is one link, and long enough to be the title of another page."""
    return block.level == 0 and block.words > 2 and block.linked > 0.85 * len(block.text)


def is_pointer(block: Block) -> bool:
    """A line that only sends the reader elsewhere: "See also: …", "Read more", "Follow us on …"."""
    if not _POINTER.match(block.text) or _PROVISION.search(block.text):
        return False
    return block.words <= _POINTER_WORDS or block.linked > 0


def _names(element: Element) -> set[str]:
    names = f"{element.get('id', '')} {element.get('class', '')}"
    return {word.lower() for word in _NAME_WORDS.findall(names)}
