"""English words without their endings, so that all forms of a word are looked up as one."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import Any

_IRREGULAR_FORMS = """
arise arose arisen, awake awoke awoken, bear bore borne, beat beaten, become became, begin began
begun, bend bent, bind bound, bite bitten, bleed bled, blow blew blown, break broke broken, breed
bred, bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen, cling
clung, come came, creep crept, deal dealt, dig dug, do did done, draw drew drawn, dream dreamt,
drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed, feel felt, fight
fought, find found, flee fled, fling flung, fly flew flown, forbid forbade forbidden, foresee
foresaw foreseen, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, get got
gotten, give gave given, go went gone, grow grew grown, hang hung, have had, hear heard, hide hid
hidden, hold held, keep kept, kneel knelt, know knew known, lay laid, lead led, lean leant, leap
leapt, learn learnt, leave left, lend lent, lie lain, light lit, lose lost, make made, mean meant,
meet met, mistake mistook mistaken, overcome overcame, overtake overtook overtaken, overthrow
overthrew overthrown, pay paid, prove proven, rebuild rebuilt, ride rode ridden, ring rang rung,
rise risen, run ran, say said, see seen, seek sought, sell sold, send sent, sew sewn, shake shook
shaken, shine shone, shoot shot, show shown, shrink shrank shrunk, sing sang sung, sink sank sunk,
sit sat, sleep slept, slide slid, sow sown, speak spoke spoken, speed sped, spend spent, spill
spilt, spin spun, spoil spoilt, spring sprang sprung, stand stood, steal stole stolen, stick
stuck, sting stung, strike struck stricken, strive strove striven, swear swore sworn, sweep swept,
swell swollen, swim swam swum, swing swung, take took taken, teach taught, tear tore torn, tell
told, think thought, throw threw thrown, undergo underwent undergone, understand understood,
undertake undertook undertaken, uphold upheld, wake woke woken, wear wore worn, weave wove woven,
weep wept, win won, withdraw withdrew withdrawn, withstand withstood, wring wrung, write wrote
written, man men, woman women, child children, foot feet, tooth teeth, goose geese, mouse mice, ox
oxen, half halves, wife wives, knife knives, shelf shelves, thief thieves, wolf wolves, loaf
loaves, criterion criteria, phenomenon phenomena, bacterium bacteria, analysis analyses, basis
bases, crisis crises, thesis theses, index indices
"""
_BASE = {
    form: entry.split()[0] for entry in _IRREGULAR_FORMS.split(",") for form in entry.split()[1:]
}
_OF_THREAD = local()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a lower-case word without its ending; irregular forms go by their base.

    >>> stem("cities"), stem("opened"), stem("wrote"), stem("mayor's")
    ('citi', 'open', 'write', 'mayor')
    """
    word = word.removesuffix("'s").removesuffix("'")
    stemmed: str = _of_this_thread().stemWord(_BASE.get(word, word))
    return stemmed


def _of_this_thread() -> Any:  # noqa: ANN401 (snowballstemmer has no types)
    """Return a stemmer: one keeps the word that it works on, so threads cannot share it."""
    if not hasattr(_OF_THREAD, "stemmer"):
        from snowballstemmer import stemmer

        _OF_THREAD.stemmer = stemmer("english")
    return _OF_THREAD.stemmer
