"""The messages of a seed bank's page in six languages, for catalogs of every format; `#` is the number.

`PACKETS` and `BASKET` are by plural category; what a number's category is, by `CATEGORY`, is written down from CLDR by hand.
"""

COUNTS = (0, 1, 2, 3, 5, 11, 100, 1_000_000)
CATEGORY = {
    "en": ("other", "one", "other", "other", "other", "other", "other", "other"),
    "ar": ("zero", "one", "two", "few", "few", "many", "other", "other"),
    "es": ("other", "one", "other", "other", "other", "other", "other", "many"),
    "fr": ("one", "one", "other", "other", "other", "other", "other", "many"),
    "ru": ("many", "one", "few", "few", "many", "many", "many", "many"),
    "zh": ("other",) * 8,
}
LOCALES = tuple(CATEGORY)

PACKETS = {
    "en": {"one": "# packet of seeds", "other": "# packets of seeds"},
    "ar": {
        "zero": "لا توجد أكياس بذور",
        "one": "كيس واحد من البذور",
        "two": "كيسان من البذور",
        "few": "# أكياس من البذور",
        "many": "# كيسًا من البذور",
        "other": "# كيس من البذور",
    },
    "es": {"one": "# sobre de semillas", "many": "# de sobres de semillas", "other": "# sobres de semillas"},
    "fr": {"one": "# sachet de graines", "many": "# de sachets de graines", "other": "# sachets de graines"},
    "ru": {
        "one": "# пакет семян",
        "few": "# пакета семян",
        "many": "# пакетов семян",
        "other": "# пакета семян",
    },
    "zh": {"other": "# 包种子"},
}
BASKET = {
    "en": {"=0": "The basket is empty", "one": "# packet in the basket", "other": "# packets in the basket"},
    "ar": {
        "=0": "السلة فارغة",
        "zero": "السلة فارغة",
        "one": "كيس واحد في السلة",
        "two": "كيسان في السلة",
        "few": "# أكياس في السلة",
        "many": "# كيسًا في السلة",
        "other": "# كيس في السلة",
    },
    "es": {"=0": "La cesta está vacía", "one": "# sobre en la cesta", "other": "# sobres en la cesta"},
    "fr": {"=0": "Le panier est vide", "one": "# sachet dans le panier", "other": "# sachets dans le panier"},
    "ru": {
        "=0": "Корзина пуста",
        "one": "В корзине # пакет",
        "few": "В корзине # пакета",
        "many": "В корзине # пакетов",
        "other": "В корзине # пакета",
    },
    "zh": {"=0": "篮子是空的", "other": "篮子里有 # 包种子"},
}
TITLE = {
    "en": "Seed bank",
    "ar": "بنك البذور",
    "es": "Banco de semillas",
    "fr": "Banque de graines",
    "ru": "Банк семян",
    "zh": "种子库",
}
NEXT = {  # `@` is the title, linked
    "en": "Next page: @",
    "ar": "الصفحة التالية: @",
    "es": "Página siguiente: @",
    "fr": "Page suivante : @",
    "ru": "Следующая страница: @",
    "zh": "下一页：@",
}
WELCOME = {  # `@` is the name of a place
    "en": "Welcome to the seed bank of @",
    "ar": "مرحبًا بكم في بنك بذور @",
    "es": "Le damos la bienvenida al banco de semillas de @",
    "fr": "Bienvenue à la banque de graines de @",
    "ru": "Добро пожаловать в банк семян города @",
    "zh": "欢迎来到 @ 种子库",
}


def shown(forms: dict[str, str], locale: str) -> list[str]:
    """What readers see of a message of several forms, for each of COUNTS."""
    names = (
        "=0" if count == 0 and "=0" in forms else name for count, name in zip(COUNTS, CATEGORY[locale], strict=True)
    )
    return [forms.get(name, forms["other"]).replace("#", str(count)) for name, count in zip(names, COUNTS, strict=True)]
