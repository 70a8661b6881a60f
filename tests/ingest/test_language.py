from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import hint, language

RUNNING = {
    "en": "The Parties to this treaty have agreed that an attack on any of them shall be met by all, and that each "
    "will assist the others with the means that it has.",
    "nl": "De partijen bij dit verdrag zijn overeengekomen dat een aanval op een van hen door allen zal worden "
    "beantwoord, en dat elk van hen de anderen zal bijstaan.",
    "fr": "Les parties au présent traité sont convenues qu'une attaque contre l'une d'entre elles est une attaque "
    "contre toutes, et que chacune assistera les autres par les moyens dont elle dispose.",
    "de": "Die Parteien dieses Vertrags sind übereingekommen, dass ein Angriff auf eine von ihnen als ein Angriff "
    "auf alle gilt und dass jede den anderen mit den Mitteln beistehen wird, die sie hat.",
    "es": "Las partes en el presente tratado han convenido en que un ataque contra una de ellas es un ataque contra "
    "todas, y que cada una asistirá a las otras con los medios de que dispone.",
    "it": "Le parti del presente trattato hanno convenuto che un attacco contro una di esse è un attacco contro "
    "tutte e che ciascuna assisterà le altre con i mezzi di cui dispone.",
    "pt": "As partes no presente tratado acordaram que um ataque contra uma delas é um ataque contra todas e que "
    "cada uma ajudará as outras com os meios de que dispõe.",
    "ru": "Стороны настоящего договора согласились, что нападение на одну из них будет считаться нападением на всех.",
    "uk": "Сторони цього договору погодилися, що напад на одну з них є нападом на всіх і що кожна допомагатиме іншим.",
    "el": "Τα μέρη της παρούσας συνθήκης συμφώνησαν ότι επίθεση εναντίον ενός είναι επίθεση εναντίον όλων.",
    "ja": "この条約の締約国は、いずれか一国に対する武力攻撃を全締約国に対する攻撃とみなすことに合意する。",
    "zh": "本条约各缔约国同意,对其中任何一国的武装攻击应视为对全体缔约国的攻击。",
    "ko": "이 조약의 당사국은 그 중 하나에 대한 공격을 모두에 대한 공격으로 간주한다.",
    "ar": "اتفقت أطراف هذه المعاهدة على أن أي هجوم على أحدها يعتبر هجوما عليها جميعا.",
}


@pytest.mark.parametrize("code", RUNNING)
def test_running_text_tells_its_language(code: str) -> None:
    assert language(RUNNING[code]) == code


@pytest.mark.parametrize("text", ["", "   ", "Article 5", "NATO", "1951", "26 649 532 500", "– –", "Spender", "(a)"])
def test_too_little_tells_nothing(text: str) -> None:
    assert language(text) is None


def test_a_language_of_neither_table_is_not_taken_for_its_neighbour() -> None:
    hungarian = (
        "Szerződő felek egyetértenek abban hogy egyikük ellen intézett fegyveres támadást valamennyiük ellen irányuló "
        "támadásnak tekintenek ezért megállapodnak hogy ilyen támadás esetén mindegyikük segítséget nyújt"
    )
    assert language(hungarian) is None


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Noord-Atlantisch Verdrag", "nl"),
        ("Handvest van de Verenigde Naties", "nl"),
        ("Charter of the United Nations", "en"),
        ("NORTH ATLANTIC TREATY", "en"),
        ("Traité de l'Atlantique Nord", "fr"),
        ("ANZUS", None),
    ],
)
def test_one_word_can_give_a_heading_away(heading: str, code: str | None) -> None:
    assert hint(heading) == code


@given(st.text(max_size=300))
def test_any_text_has_a_language_of_two_letters_or_none(text: str) -> None:
    for found in (language(text), hint(text)):
        assert found is None or (len(found) == 2 and found.islower())
