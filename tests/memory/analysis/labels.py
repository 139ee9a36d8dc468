"""The words of the page in Arabic."""

_BANDS = {
    f"{least}-{most}": f"{least}\u2060–\u2060{most}\u00a0٪" for least, most in ((95, 99), (85, 94), (75, 84), (50, 74))
}
ARABIC = {
    "title": "تحليل المهمة",
    "job": "المهمة",
    "customer": "الزبون",
    "languages": "اللغات",
    "analysed": "تاريخ التحليل",
    "memories": "الذاكرات",
    "words": "الكلمات",
    "weighted words": "الكلمات الموزونة",
    "price": "السعر",
    "by class": "المهمة حسب فئة التطابق",
    "by file": "الكلمات حسب الملف وفئة التطابق",
    "class": "الفئة",
    "file": "الملف",
    "segments": "المقاطع",
    "share": "نسبة الكلمات",
    "characters": "الأحرف",
    "characters with spaces": "مع المسافات",
    "placeables": "العناصر الثابتة",
    "tags": "الوسوم",
    "rate": "نسبة الأجر",
    "amount": "المبلغ",
    "total": "المجموع",
    "minimum charge": "تكملة الحد الأدنى",
    "locked": "مقفل",
    "context": "تطابق في السياق",
    "exact": "تطابق تام",
    "repetition": "تكرار",
    "cross-file repetition": "تكرار بين الملفات",
    **_BANDS,
    **{f"internal {band}": f"داخلي {said}" for band, said in _BANDS.items()},
    "new": "جديد",
}
