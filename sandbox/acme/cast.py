"""Who works at Acme Instruments, and who visits from outside. Everybody is invented.

Each row: key, display name, department, title, location, hours from UTC, language spoken besides English.
"""

from typing import NamedTuple


class Role(NamedTuple):
    """One person of the cast."""

    key: str
    name: str
    department: str
    title: str
    location: str
    offset: int
    language: str = "english"


STAFF: tuple[Role, ...] = (
    Role("margit", "Margit Hollander", "Leadership", "Chief executive", "Rotterdam", 1),
    Role("desmond", "Desmond Achterberg", "Leadership", "Chief financial officer", "Rotterdam", 1),
    Role("yael", "יעל ברקוביץ׳", "Leadership", "Chief technology officer", "Haifa", 2, "hebrew"),
    Role("priya", "Priya Raghunathan", "Leadership", "Chief operating officer", "Pune", 5, "hindi"),
    Role("colette", "Colette Marchand", "Finance", "Head of accounting", "Lyon", 1, "french"),
    Role("tobias", "Tobias Wendt", "Finance", "Revenue accountant", "Hamburg", 1, "german"),
    Role("nadezhda", "Надежда Орлова", "Finance", "Controller", "Almaty", 5, "russian"),
    Role("bruno", "Bruno Salgado", "Finance", "Accounts payable", "Porto", 0, "spanish"),
    Role("wen", "林文婷", "Finance", "Treasury analyst", "Taipei", 8, "chinese"),
    Role("fiona", "Fiona Garrick", "Finance", "Financial reporting", "Leeds", 0),
    Role("anand", "आनंद कुलकर्णी", "Finance", "Tax specialist", "Pune", 5, "hindi"),
    Role("harriet", "Harriet Osei-Blount", "Legal", "General counsel", "Rotterdam", 1),
    Role("ilya", "Илья Веремеев", "Legal", "Contracts counsel", "Almaty", 5, "russian"),
    Role("maya", "מאיה אלקיים", "Legal", "Privacy counsel", "Haifa", 2, "hebrew"),
    Role("quentin", "Quentin Laverdure", "Legal", "Compliance officer", "Lyon", 1, "french"),
    Role("victor", "Victor Standish", "Sales", "Head of sales", "Leeds", 0),
    Role("renata", "Renata Kowalczuk", "Sales", "Key accounts", "Hamburg", 1, "german"),
    Role("khalid", "خالد الحمداني", "Sales", "Sales, Gulf", "Muscat", 4, "arabic"),
    Role("haruka", "佐藤 春香", "Sales", "Sales, Japan", "Osaka", 9, "japanese"),
    Role("marcus", "Marcus Thibodeaux", "Sales", "Key accounts", "Leeds", 0),
    Role("leila", "ليلى منصور", "Sales", "Sales, Levant", "Amman", 3, "arabic"),
    Role("elena", "Елена Грачёва", "Sales", "Sales, Central Asia", "Almaty", 5, "russian"),
    Role("deepak", "दीपक शर्मा", "Sales", "Sales, India", "Pune", 5, "hindi"),
    Role("sofia", "Sofía Arrieta", "Sales", "Sales, Iberia", "Porto", 0, "spanish"),
    Role("jun", "김준호", "Engineering", "Firmware lead", "Osaka", 9, "korean"),
    Role("oskar", "Oskar Lindqvist", "Engineering", "Platform lead", "Hamburg", 1, "german"),
    Role("amira", "أميرة الزين", "Engineering", "Backend engineer", "Amman", 3, "arabic"),
    Role("dmitri", "Дмитрий Соколов", "Engineering", "Embedded engineer", "Almaty", 5, "russian"),
    Role("kenta", "田中 健太", "Engineering", "Hardware engineer", "Osaka", 9, "japanese"),
    Role("noa", "נועה פרידמן", "Engineering", "Security engineer", "Haifa", 2, "hebrew"),
    Role("arjun", "अर्जुन मेहता", "Engineering", "Data engineer", "Pune", 5, "hindi"),
    Role("grace", "Grace Ndlovu-Hart", "Engineering", "Quality lead", "Leeds", 0),
    Role("eleni", "Ελένη Παπαδάκη", "Engineering", "Frontend engineer", "Hamburg", 2, "greek"),
    Role("li", "李伟", "Engineering", "Cloud engineer", "Taipei", 8, "chinese"),
    Role("callum", "Callum Reyes-Park", "Engineering", "Sensor physicist", "Leeds", 0),
    Role("ayse", "Ayşe Demirkan", "Engineering", "Backend engineer", "Hamburg", 1),
    Role("mateo", "Mateo Quiroga", "Engineering", "Site reliability", "Porto", 0, "spanish"),
    Role("hanna", "Hanna Brückner", "Engineering", "Test engineer", "Hamburg", 1, "german"),
    Role("pieter", "Pieter van Rossem", "Operations", "Head of supply chain", "Rotterdam", 1),
    Role("sunita", "सुनीता राव", "Operations", "Procurement", "Pune", 5, "hindi"),
    Role("ruslan", "Руслан Бекетов", "Operations", "Logistics", "Almaty", 5, "russian"),
    Role("mei", "陳美玲", "Operations", "Production planning", "Taipei", 8, "chinese"),
    Role("joao", "João Figueira", "Operations", "Warehouse lead", "Porto", 0, "spanish"),
    Role("ingrid", "Ingrid Solheim", "Operations", "Supplier quality", "Rotterdam", 1),
    Role("takumi", "山本 拓海", "Operations", "Assembly lead", "Osaka", 9, "japanese"),
    Role("farah", "فرح الخطيب", "Operations", "Customs", "Amman", 3, "arabic"),
    Role("brendan", "Brendan Mulcahy", "Support", "Head of support", "Leeds", 0),
    Role("olga", "Ольга Тихонова", "Support", "Support engineer", "Almaty", 5, "russian"),
    Role("yuki", "高橋 由紀", "Support", "Support engineer", "Osaka", 9, "japanese"),
    Role("nasser", "ناصر العتيبي", "Support", "Support engineer", "Muscat", 4, "arabic"),
    Role("kavya", "काव्या नायर", "Support", "Support engineer", "Pune", 5, "hindi"),
    Role("theo", "Théo Blanchard", "Support", "Field service", "Lyon", 1, "french"),
    Role("saskia", "Saskia de Wit", "Marketing", "Head of marketing", "Rotterdam", 1),
    Role("tom", "Tom Fairweather", "Marketing", "Product marketing", "Leeds", 0),
    Role("xin", "周欣", "Marketing", "Events", "Taipei", 8, "chinese"),
    Role("lior", "ליאור שחר", "Marketing", "Content", "Haifa", 2, "hebrew"),
    Role("abigail", "Abigail Trent", "People", "Head of people", "Rotterdam", 1),
    Role("stefan", "Stefan Vukelic", "People", "Recruiting", "Hamburg", 1, "german"),
    Role("rashmi", "रश्मि देसाई", "People", "People partner", "Pune", 5, "hindi"),
    Role("camille", "Camille Roussel", "People", "Payroll", "Lyon", 1, "french"),
)

GUESTS: tuple[Role, ...] = (
    Role("olu", "Olu Bankole (Norvik Castings)", "Guest", "Account manager", "Lagos", 1),
    Role("greta", "Greta Nyström (Norvik Castings)", "Guest", "Director", "Malmö", 1),
    Role("philippa", "Philippa Dunmore (Dunmore & Pike)", "Guest", "Audit partner", "London", 0),
    Role("edwin", "Edwin Castellane (Brightwater)", "Guest", "Plant manager", "Bristol", 0),
    Role("sanjay", "Sanjay Oberoi (Tessaly Rail)", "Guest", "Procurement", "Mumbai", 5),
    Role("monique", "Monique Arsenault (Foxglove PR)", "Guest", "Consultant", "Brussels", 1),
)

BOTS: tuple[Role, ...] = (
    Role("deploybot", "Deploy Bot", "Bot", "", "", 0),
    Role("ticketbot", "Ticket Bot", "Bot", "", "", 0),
    Role("stockbot", "Stock Bot", "Bot", "", "", 0),
)

LEAVER = "marcus"
LEAVER_UNTIL_DAYS_AGO = 57
EMOJI = ("acme-spark", "party-sensor", "ship-it", "this-is-fine", "gold-star", "facepalm-cat", "tea-time")
