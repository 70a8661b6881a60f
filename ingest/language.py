"""Which language a stretch of text is in: an ISO 639-1 code, or None where it is too short to tell.

Small words give a language away: a fifth to a half of any running text are articles, prepositions and forms of "to be".
A table of those is a few lines; the libraries for this carry models of many megabytes. Scripts that one language
has nearly to itself are told by their letters. A language that is in neither table gives None, never a near neighbour.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

SAMPLE: Final = 6_000  # characters that are looked at: more changes no guess
FEW: Final = 20  # words below which only clear evidence counts

_SMALL: Final[dict[str, str]] = {
    "en": """the of and to in that is for it as with be by this on not are or his from at which an have has was were
        its their shall any such may been all other they under will would there these those but who whose
        between upon if than into when where each every more also only no""",
    "nl": """de het een van en in op te dat die voor met zijn niet aan er om door als bij ook naar uit wordt worden
        of tot over deze dit heeft hebben kan zal zullen welke indien ingevolge hun haar geen dan wel tussen
        onder ten der den inzake betreffende ieder iedere elk alle is door tegen zij hij was werd waar waarin
        waarop heden""",
    "fr": """le la les des du de et en un une est que qui dans pour sur au aux par pas ne se ce cette ces son sa ses
        leur leurs ou avec sont être il elle ils été à dont entre toute tout tous si nous vous mais plus comme
        sera seront l d qu n s""",
    "de": """der die das und in den von zu mit sich des auf für ist im dem nicht ein eine einer eines einem einen als
        auch es an werden aus er hat dass daß sie nach wird bei oder über durch haben sind um wenn nur noch wie
        zum zur vor so kann dieser diese dieses jeder zwischen unter sein ihre ihrer""",
    "es": """el la los las de del y en que un una es por con para no se su sus al lo como más o pero este esta estos
        estas entre cuando muy sin sobre ser son fue ha han será serán cualquier todo todos cada e dicha dicho
        si también""",
    "it": """il lo la i gli le di del della dei degli delle dello e è in che un una uno per con non si su al alla ai
        agli alle dal dalla nel nella nei nelle sono da come più o ma anche se essere questo questa sarà ogni
        tra fra ed ha hanno suo sua loro""",
    "pt": """o a os as de do da dos das e em que um uma é por com para não se no na nos nas ao aos à às pelo pela
        como mais ou mas seu sua seus suas este esta ser são foi será entre quando muito sem sobre também cada
        qualquer todos""",
}
_TITLE_WORDS: Final[dict[str, str]] = {
    "en": "treaty agreement charter convention statute article articles chapter preamble security defense defence",
    "nl": "verdrag overeenkomst handvest statuut artikel hoofdstuk bijlage verklaring wederzijdse betreffende",
    "fr": "traité accord charte statut chapitre préambule",
    "de": "vertrag abkommen satzung kapitel präambel anlage",
    "es": "tratado acuerdo carta estatuto artículo capítulo preámbulo",
    "it": "trattato accordo statuto articolo capitolo preambolo",
    "pt": "tratado acordo estatuto artigo capítulo preâmbulo",
}
_WORDS: Final = {code: frozenset(words.split()) for code, words in _SMALL.items()}
_LEGAL: Final = {code: frozenset(words.split()) for code, words in _TITLE_WORDS.items()}
_BEARERS: Final[dict[str, tuple[str, ...]]] = {}
for _code, _members in _WORDS.items():
    for _word in _members:
        _BEARERS[_word] = (*_BEARERS.get(_word, ()), _code)

_WORD: Final = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_UKRAINIAN: Final = re.compile(r"[іїєґІЇЄҐ]")


def language(text: str) -> str | None:
    """The language of running text, from its first `SAMPLE` characters."""
    sample = text[:SAMPLE]
    script = _by_script(sample)
    if script is not None:
        return script
    words = [word.lower() for word in _WORD.findall(sample)]
    return _by_small_words(words)


def hint(heading: str) -> str | None:
    """The language of a heading or title, where a single word gives it away; weaker evidence than `language` takes."""
    script = _by_script(heading)
    if script is not None:
        return script
    counts: Counter[str] = Counter()
    for word in _WORD.findall(heading.lower()):
        counts.update(_BEARERS.get(word, ()))
        counts.update(code for code, legal in _LEGAL.items() if word in legal)
    return _clear_winner(counts, least=1, lead=1)


def _by_script(text: str) -> str | None:
    """The language whose script holds most letters; Japanese mixes Han and kana, so a tenth of kana is enough."""
    latin = len(_LATIN.findall(text))
    counts = {code: len(pattern.findall(text)) for code, pattern in _SCRIPTS}
    letters = sum(counts.values())
    if letters < 4 or letters <= latin:
        return None
    if counts["ja"] * 10 >= letters:
        return "ja"
    best = max(counts, key=lambda code: counts[code])
    return "uk" if best == "ru" and len(_UKRAINIAN.findall(text)) * 40 > letters else best


def _by_small_words(words: list[str]) -> str | None:
    counts: Counter[str] = Counter()
    for word in words:
        counts.update(_BEARERS.get(word, ()))
    if not counts:
        return None
    if len(words) < FEW:
        return _clear_winner(counts, least=3, lead=3)
    winner = _clear_winner(counts, least=3, lead=2)
    return winner if winner and counts[winner] * 7 >= len(words) else None


def _clear_winner(counts: Counter[str], *, least: int, lead: int) -> str | None:
    """The language ahead of every other by `lead` hits and with at least `least`."""
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < least:
        return None
    behind = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] >= behind + lead else None
