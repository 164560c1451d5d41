"""Word fragments of the computed world: a few common ones, many rare ones, in several scripts."""

import random

COUNT = 4096  # a power of two: busy.py masks with it

_SCRIPTS = {
    "latin": """the we you please order invoice contract shipment meeting draft review budget customer supplier
        delivery schedule project release server database ticket release deadline approve forecast margin
        revenue quarter audit policy signed pending urgent tomorrow today friday monday update question answer
        morning thanks agreed blocked waiting document attached version price quote legal finance support
        engineering warehouse transport customs insurance claim refund payment late early again always never
        größe prüfung café résumé naïve señor mañana coração naším łódź århus""",
    "cyrillic": "договор поставка оплата встреча завтра срок проверка отчёт склад клиент спасибо согласен",
    "greek": "συμφωνία παράδοση πληρωμή αύριο έλεγχος",
    "cjk": "会議 契約 納品 請求書 確認 明日 予算 合同 付款 发货 审核 报告 회의 계약 납품 확인",
    "arabic": "عقد شحنة دفعة اجتماع غدا تقرير مراجعة",
    "hebrew": "חוזה משלוח תשלום פגישה מחר דוח",
    "devanagari": "अनुबंध भुगतान बैठक रिपोर्ट समीक्षा",
    "thai": "สัญญา การจัดส่ง การชำระเงิน ประชุม",
}
_SYLLABLES = [
    "ba",
    "re",
    "mo",
    "ti",
    "lu",
    "ka",
    "ne",
    "so",
    "vi",
    "da",
    "pel",
    "tor",
    "min",
    "gar",
    "sul",
    "wen",
    "dro",
    "fex",
    "quil",
    "zan",
]


def fragments(seed: str) -> list[str]:
    """Fragments of two to six words; the first ones are meant to be used most."""
    chance = random.Random(f"{seed}:words")
    latin = _SCRIPTS["latin"].split()
    others = [words.split() for name, words in _SCRIPTS.items() if name != "latin"]
    found = []
    for number in range(COUNT):
        if number % 8 == 7:
            words = chance.sample(chance.choice(others), 3)
        else:
            words = chance.choices(latin, k=chance.randint(2, 5))
            if number % 4 == 1:
                words.append("".join(chance.choices(_SYLLABLES, k=chance.randint(3, 4))))
        found.append(" ".join(words))
    return found
