"""Where people at Acme Instruments talk.

Each row: name, channel type (1 private with guests, 2 private, 3 public, 5 public with guests), departments
whose people are in it, further people, which talk banks are heard there, and how busy it is.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """One channel."""

    name: str
    type: int
    departments: str
    people: str
    banks: str
    weight: float


PLACES: tuple[Place, ...] = (
    Place("general", 3, "*", "", "smalltalk people", 5),
    Place("announcements", 3, "*", "", "people marketing", 1),
    Place("random", 3, "*", "", "smalltalk", 7),
    Place("leadership", 2, "Leadership", "harriet victor saskia abigail", "leadership finance", 3),
    Place("finance", 2, "Finance", "desmond", "finance", 7),
    Place("revenue-recognition", 2, "", "desmond colette tobias fiona nadezhda victor", "finance", 3),
    Place("quarter-close", 2, "Finance", "desmond pieter", "finance", 4),
    Place("accounts-payable", 2, "", "bruno colette nadezhda sunita pieter", "finance operations", 3),
    Place("audit-2026", 1, "", "colette fiona nadezhda desmond philippa", "finance legal", 2),
    Place("legal", 2, "Legal", "margit", "legal", 4),
    Place("contracts", 2, "Legal", "victor pieter sunita renata", "legal sales", 3),
    Place("privacy-and-policy", 3, "Legal", "noa abigail", "legal", 1.5),
    Place("sales", 3, "Sales", "saskia tom", "sales", 8),
    Place("sales-deals", 2, "Sales", "desmond tobias", "sales", 5),
    Place("key-accounts", 2, "", "victor renata marcus brendan", "sales support", 3),
    Place("brightwater-project", 1, "", "renata grace theo victor edwin", "sales support engineering", 2.5),
    Place("tessaly-rail", 1, "", "deepak priya sanjay kavya arjun", "sales operations", 2),
    Place("продажи-ца", 2, "", "elena ilya olga nadezhda ruslan", "russian", 4),
    Place("日本チーム", 2, "", "haruka kenta takumi yuki jun", "japanese", 4),
    Place("台灣團隊", 2, "", "wen li mei xin", "chinese", 3.5),
    Place("فريق-الخليج", 2, "", "khalid leila nasser farah amira", "arabic", 3.5),
    Place("צוות-חיפה", 2, "", "yael noa maya lior", "hebrew", 3),
    Place("पुणे-टीम", 2, "", "priya anand deepak sunita arjun kavya rashmi", "hindi", 4),
    Place("engineering", 3, "Engineering", "yael", "engineering", 9),
    Place("firmware", 2, "", "jun dmitri kenta callum hanna grace", "engineering", 5),
    Place("platform", 2, "", "oskar amira li ayse mateo arjun eleni", "engineering", 5),
    Place("code-review", 2, "Engineering", "", "engineering", 4),
    Place("deploys", 3, "Engineering", "brendan", "bots engineering", 3),
    Place("incidents", 3, "Engineering Support", "yael harriet", "engineering support", 3),
    Place("security", 2, "", "noa yael mateo oskar maya quentin", "engineering legal", 3),
    Place("quality", 3, "", "grace hanna ingrid takumi callum", "engineering operations", 3),
    Place("supply-chain", 2, "Operations", "priya", "operations", 7),
    Place("norvik-castings", 1, "", "pieter ingrid sunita olu greta", "operations", 3),
    Place("warehouse", 3, "Operations", "", "operations bots", 4),
    Place("support", 3, "Support", "grace oskar", "support", 7),
    Place("support-escalations", 2, "Support", "jun oskar noa", "support engineering", 4),
    Place("marketing", 3, "Marketing", "tom victor", "marketing", 4),
    Place("larkspur-launch", 1, "Marketing", "yael jun victor grace monique", "marketing engineering", 4),
    Place("people-team", 2, "People", "margit", "people", 3),
    Place("office-hamburg", 3, "", "tobias renata oskar eleni ayse hanna stefan", "german smalltalk", 3),
    Place("bureau-lyon", 3, "", "colette quentin theo camille", "french smalltalk", 2),
    Place("oficina-iberia", 3, "", "bruno sofia mateo joao", "spanish smalltalk", 2),
)

DELETED_PLACE = Place("marcus-and-friends", 2, "", "marcus victor callum tom", "smalltalk", 2)

_PAIRS = """
desmond/tobias desmond/colette desmond/margit desmond/victor desmond/nadezhda colette/tobias
fiona/tobias fiona/colette tobias/victor tobias/renata bruno/sunita wen/nadezhda anand/colette
harriet/quentin harriet/margit harriet/maya ilya/elena maya/noa victor/marcus victor/renata
renata/edwin marcus/callum marcus/tom khalid/leila haruka/yuki elena/ruslan deepak/priya
sofia/bruno jun/kenta jun/dmitri oskar/mateo oskar/amira oskar/ayse amira/farah dmitri/olga
kenta/takumi noa/mateo noa/yael arjun/li grace/hanna eleni/ayse li/mei callum/jun mateo/li
pieter/ingrid pieter/sunita pieter/olu pieter/greta ruslan/olga mei/xin joao/mateo ingrid/grace
takumi/yuki farah/nasser brendan/theo brendan/grace nasser/khalid kavya/rashmi theo/camille
saskia/tom tom/lior xin/wen saskia/monique abigail/stefan abigail/harriet rashmi/camille
stefan/hanna margit/yael margit/priya yael/lior priya/sunita marcus/stefan renata/tobias
deepak/sanjay fiona/philippa anand/arjun kavya/deepak
"""
TALKS = tuple(_PAIRS.split())
