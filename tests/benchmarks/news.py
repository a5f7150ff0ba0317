"""Made-up news, varied enough that no two articles are near duplicates; the same for a seed.

Names of people, towns and firms are put together from syllables, so that each article has its own;
what happens comes from one of many trades with its own nouns and verbs, and sentence patterns are
drawn anew for each article.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.common import article_text

ONSETS = "b br ch d dr f g gl h j k kl l m n p pr r s sh st t th tr v w z".split()
VOWELS = "a e i o u ai ea io ou ei".split()
CODAS = ["", "n", "r", "l", "s", "m", "nd", "rk", "lt", "x"]
ENDINGS = {
    "town": ["ford", " Bay", "ville", "stad", " Falls", "holm", "mere", "grad", "burg", "wick"],
    "firm": [" Group", " Works", " & Sons", " Partners", " Union", " Institute", " Trust", " Labs"],
}
TRADES = {
    "harbour": ("quay,crane,ferry,lighthouse,trawler,customs shed,breakwater,pilot boat",
                "dredged,moored,unloaded,repainted,chartered"),
    "farming": ("orchard,barley field,dairy,combine,irrigation canal,seed bank,greenhouse,vineyard",
                "harvested,replanted,fenced,irrigated,leased"),
    "railway": ("viaduct,night train,signal box,tram depot,sleeper car,level crossing,platform",
                "electrified,widened,reopened,inspected,dismantled"),
    "medicine": ("clinic,vaccine,ward,ambulance,blood bank,operating theatre,hospice,laboratory",
                 "trialled,licensed,equipped,quarantined,staffed"),
    "mining": ("shaft,copper seam,smelter,tailings dam,conveyor,drill core,quarry,lithium pit",
               "flooded,surveyed,sealed,ventilated,blasted"),
    "theatre": ("opera,puppet show,rehearsal hall,costume archive,ballet,libretto,stage,premiere",
                "staged,rewritten,rehearsed,toured,restored"),
    "energy": ("wind farm,turbine,substation,reactor,battery store,gas pipeline,solar roof,grid",
               "commissioned,throttled,insulated,upgraded,shut down"),
    "sport": ("marathon,velodrome,relay team,rowing club,chess league,goalkeeper,stadium,regatta",
              "won,postponed,refereed,televised,boycotted"),
    "schools": ("library,chemistry room,exchange programme,scholarship,canteen,choir,dormitory",
                "renamed,merged,refurbished,accredited,evacuated"),
    "nature": ("wetland,beaver colony,glacier,nature reserve,oak forest,heron nest,coral reef",
               "mapped,rewilded,drained,fenced off,photographed"),
    "justice": ("tribunal,fraud case,appeal,notary archive,prison wing,arbitration,witness list",
                "adjourned,reopened,dismissed,televised,settled"),
    "technology": ("satellite,data centre,chip plant,telescope,subsea cable,robot arm,drone fleet",
                   "launched,patented,recalled,calibrated,wired up"),
}  # fmt: skip
PATTERNS = """
{person} {verb} the {thing} in {place} on {date}.
The {thing} near {place} was {verb} after {number} months of work by {firm}.
According to {firm}, the {thing} will cost {money}, of which {percent} is paid by {place}.
"Nobody believed in the {thing} at first," said {person}, who has led {firm} since {year}.
{person} and {other} disagreed over whether the {thing} should be {verb} before winter.
Some {number} people came to see how the {thing} was {verb}.
In {year} a {thing} of the same kind had been {verb} at {elsewhere}, with little success.
The council of {place} voted by {small} to {smaller} to have the {thing} {verb}.
A report by {other} counted {number} complaints about the {thing} between {year} and {later}.
{firm} bought the {thing} from {rival} for {money}.
What {person} likes best about {place} is the old {thing}.
Until {year} the {thing} had belonged to {rival}, a firm from {elsewhere}.
The {second} next to it, {number} metres long, stays as it is.
Visitors reach the {thing} from {elsewhere} in {small} hours.
{other} replaced {person} as head of {firm} in {month} {year}.
Tests showed that the {second} had to be {verb} a second time.
For {place}, with its {number} inhabitants, the {thing} means about {small} new jobs.
{rival} has asked a court in {elsewhere} to stop the plan.
The price of a ticket rose by {percent}, to {small} crowns.
Neither {person} nor {firm} would say when the {second} is to be {verb}.
It was {other} who first proposed a {thing}, in a letter of {date}.
During the storm of {month} {year} the {second} lost {small} of its {number} parts.
The engineers of {firm} chose a {second} because it needs {percent} less water.
On {date}, {person} handed the keys of the {thing} to the mayor of {place}.
A film about the {thing}, directed by {other}, is to be shown in {elsewhere} in {later}.
Only {small} of {number} applications were accepted, {firm} wrote on {date}.
Students from {elsewhere} spent {small} weeks measuring the {second}.
With {money} a year, {rival} remains the largest donor in {place}.
""".strip().splitlines()
MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True, slots=True)
class News:
    """A made-up article; `content` is a Markdown file with front matter."""

    name: str
    content: str
    text: str


def make_news(seed: int, sentences: int = 36) -> Iterator[News]:
    """Make articles without end, each of this many sentences in paragraphs."""
    source = random.Random(seed)
    number = 0
    while True:
        yield _article(source, number, sentences)
        number += 1


def _article(source: random.Random, number: int, sentences: int) -> News:
    trade = source.choice(sorted(TRADES))
    things, verbs = (part.split(",") for part in TRADES[trade])
    firm, rival = _name(source, "firm"), _name(source, "firm")
    place, elsewhere = _name(source, "town"), _name(source, "town")
    people = [f"{_word(source)} {_word(source)}" for _ in range(4)]
    lines = []
    for _ in range(sentences):
        year = source.randint(1950, 2018)
        person, other = source.sample(people, 2)
        thing, second = source.sample(things, 2)
        lines.append(
            source.choice(PATTERNS).format(
                person=person,
                other=other,
                firm=firm,
                rival=rival,
                place=place,
                elsewhere=elsewhere,
                thing=thing,
                second=second,
                verb=source.choice(verbs),
                year=year,
                later=year + source.randint(1, 6),
                month=source.choice(MONTHS),
                date=f"{source.randint(1, 28)} {source.choice(MONTHS)} {year}",
                number=f"{source.randint(13, 90_000):,}",
                small=source.randint(6, 40),
                smaller=source.randint(1, 5),
                money=f"{source.randint(2, 900)} million euros",
                percent=f"{source.randint(2, 95)}%",
            )
        )
    paragraphs = [" ".join(lines[i : i + 4]) for i in range(0, len(lines), 4)]
    title = f"{things[0].capitalize()} and {things[1]}: what {firm} plans for {place}"
    published = (
        f"{source.randint(2015, 2024)}-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
    )
    text = "\n\n".join(paragraphs)
    courier = f"{_word(source)} Courier"
    content = article_text(text, title=title, source=courier, published=published)
    return News(f"news-{number:06}.md", content, text)


def _word(source: random.Random) -> str:
    count = source.choice((2, 2, 3))
    parts = (
        source.choice(ONSETS) + source.choice(VOWELS) + source.choice(CODAS) for _ in range(count)
    )
    return "".join(parts).capitalize()


def _name(source: random.Random, kind: str) -> str:
    return _word(source) + source.choice(ENDINGS[kind])
