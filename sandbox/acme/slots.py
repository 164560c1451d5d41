"""What the blanks in a phrase are filled with."""

import random
from collections.abc import Callable, Sequence

CUSTOMERS = (
    "Brightwater Utilities",
    "Tessaly Rail",
    "Corvane Dairy",
    "Port of Ellsund",
    "Hexley Cement",
    "Marrow & Finch Brewing",
    "Sandhaven Wind",
    "Okoro Steel",
    "Kitano Precision",
    "Wadi Salam Desalination",
    "Altyn Pipelines",
    "Pellworth Hospitals",
)
SUPPLIERS = (
    "Norvik Castings",
    "Ember Lane Electronics",
    "Tsubame Optics",
    "Grauwald Connectors",
    "Palmyra Freight",
    "Silverleaf Packaging",
    "Kirpal Metals",
    "Ostrava Springs",
)
PRODUCTS = (
    "Halcyon 3",
    "Halcyon 4",
    "Larkspur",
    "Kestrel gateway",
    "Merlin probe",
    "Heron flow meter",
    "Swift logger",
)
PARTS = (
    "housing",
    "flange",
    "gasket",
    "PCB rev C",
    "pressure cell",
    "antenna",
    "cable loom",
    "bracket",
    "lens",
)
DOCS = (
    "the price list",
    "the statement of work",
    "the test report",
    "the forecast",
    "the cut-off memo",
    "the drawing",
    "the quality plan",
    "the risk register",
    "the onboarding checklist",
    "the slide deck",
    "the reconciliation",
    "the data sheet",
)
CITIES = (
    "Rotterdam",
    "Osaka",
    "Pune",
    "Leeds",
    "Hamburg",
    "Almaty",
    "Haifa",
    "Amman",
    "Taipei",
    "Porto",
    "Lyon",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
FOODS = ("ramen", "shakshuka", "falafel", "dosa", "pierogi", "soup", "pizza", "dumplings", "pastéis", "curry")
MONTHS = ("January", "March", "April", "June", "July", "September", "October", "December")

Fill = Callable[[random.Random], str]


def _of(values: Sequence[str]) -> Fill:
    return lambda chance: chance.choice(values)


def _number(low: int, high: int, form: str = "{}") -> Fill:
    return lambda chance: form.format(chance.randint(low, high))


SLOTS: dict[str, Fill] = {
    "customer": _of(CUSTOMERS),
    "supplier": _of(SUPPLIERS),
    "product": _of(PRODUCTS),
    "part": _of(PARTS),
    "doc": _of(DOCS),
    "city": _of(CITIES),
    "day": _of(DAYS),
    "food": _of(FOODS),
    "month": _of(MONTHS),
    "po": _number(41000, 48999, "PO-{}"),
    "inv": _number(70100, 79999, "INV-{}"),
    "ticket": _number(2000, 6999, "HAL-{}"),
    "case": _number(10000, 59999, "CS-{}"),
    "amount": lambda chance: f"€{chance.randint(3, 940)},{chance.randint(0, 999):03d}",
    "percent": _number(2, 38, "{}%"),
    "n": _number(2, 60),
    "big": _number(120, 9800),
    "time": lambda chance: f"{chance.randint(8, 17)}:{chance.choice(('00', '15', '30', '45'))}",
    "date": lambda chance: f"{chance.randint(1, 28)} {chance.choice(MONTHS)}",
    "version": lambda chance: f"{chance.randint(2, 5)}.{chance.randint(0, 19)}.{chance.randint(0, 9)}",
    "host": lambda chance: f"{chance.choice(('api', 'ingest', 'db', 'edge'))}-{chance.randint(1, 24):02d}",
    "commit": lambda chance: f"{chance.getrandbits(28):07x}",
    "room": lambda chance: f"{chance.choice('ABCD')}{chance.randint(101, 420)}",
    "url": lambda chance: f"https://wiki.acme.example/p/{chance.randint(1000, 9999)}",
}


def filled(phrase: str, *, chance: random.Random, names: Sequence[str]) -> str:
    """A phrase with its blanks filled; `{name}` is somebody in the room."""
    if "{" not in phrase:
        return phrase
    for slot, fill in SLOTS.items():
        blank = "{" + slot + "}"
        while blank in phrase:
            phrase = phrase.replace(blank, fill(chance), 1)
    while "{name}" in phrase:
        phrase = phrase.replace("{name}", chance.choice(names), 1)
    return phrase
