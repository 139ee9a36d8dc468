"""Texts: strategies for realistic texts in every supported script, for edits of them, and for texts nobody should send."""

from hypothesis import strategies as st

SENTENCES = {
    "en": (
        "Each Party shall keep a register of the seed banks in its territory.",
        "The keeper of the herbarium shall notify the library within 30 days.",
        "A permit is needed to carry cuttings out of the botanical garden.",
        "The harbour office answers growers' requests on working days.",
        "Seeds may be lent to schools, provided that half of the harvest is returned.",
        "No sample leaves the cold room without the signature of two keepers.",
        "Readers can borrow up to 5 books for 21 days.",
        "The garden is open from 9:00 to 17:30, except on public holidays.",
    ),
    "ar": (
        "يحتفظ كل طرف بسجل لبنوك البذور الموجودة في إقليمه.",
        "يُخطر أمين المعشبة المكتبةَ في غضون 30 يوماً.",
        "يلزم الحصول على تصريح لإخراج الشتلات من الحديقة النباتية.",
        "يجيب مكتب الميناء عن طلبات المزارعين في أيام العمل.",
        "يجوز إعارة البذور للمدارس بشرط إعادة نصف المحصول.",
        "لا تخرج أي عينة من غرفة التبريد إلا بتوقيع أمينين.",
        "يمكن للقراء استعارة ٥ كتب كحد أقصى لمدة ٢١ يوماً.",
        "تفتح الحديقة أبوابها من الساعة 9:00 إلى الساعة 17:30، ما عدا أيام العطل الرسمية.",
    ),
    "es": (
        "Cada Parte lleva un registro de los bancos de semillas situados en su territorio.",
        "El conservador del herbario informará a la biblioteca en un plazo de 30 días.",
        "Se necesita un permiso para sacar esquejes del jardín botánico.",
        "La oficina del puerto responde a las solicitudes de los cultivadores los días laborables.",
        "Se pueden prestar semillas a las escuelas, siempre que se devuelva la mitad de la cosecha.",
        "Ninguna muestra sale de la cámara fría sin la firma de dos conservadores.",
        "Los lectores pueden tomar prestados hasta 5 libros durante 21 días.",
        "El jardín abre de 9:00 a 17:30, salvo los días festivos.",
    ),
    "fr": (
        "Chaque Partie tient un registre des banques de semences situées sur son territoire.",
        "Le conservateur de l’herbier informe la bibliothèque dans un délai de 30 jours.",
        "Il faut un permis pour emporter des boutures hors du jardin botanique.",
        "Le bureau du port répond aux demandes des cultivateurs les jours ouvrables.",
        "Des semences peuvent être prêtées aux écoles, à condition que la moitié de la récolte soit rendue.",
        "Aucun échantillon ne quitte la chambre froide sans la signature de deux conservateurs.",
        "Les lecteurs peuvent emprunter jusqu’à 5 livres pendant 21 jours.",
        "Le jardin est ouvert de 9:00 à 17:30, sauf les jours fériés.",
    ),
    "ru": (
        "Каждая Сторона ведёт реестр банков семян, расположенных на её территории.",
        "Хранитель гербария уведомляет библиотеку в течение 30 дней.",
        "Чтобы вынести черенки из ботанического сада, нужно разрешение.",
        "Портовое управление отвечает на запросы садоводов в рабочие дни.",
        "Семена можно выдавать школам при условии, что половина урожая будет возвращена.",
        "Ни один образец не покидает холодную камеру без подписи двух хранителей.",
        "Читатели могут взять до 5 книг на 21 день.",
        "Сад открыт с 9:00 до 17:30, кроме праздничных дней.",
    ),
    "zh": (
        "各缔约方应保存一份其境内种子库的登记册。",
        "标本馆管理员应在30天内通知图书馆。",
        "将插条带出植物园须持有许可证。",
        "港务办公室在工作日答复种植者的请求。",
        "种子可以借给学校，但须归还一半收成。",
        "未经两名管理员签字，任何样本不得离开冷藏室。",
        "读者最多可以借5本书，借期21天。",
        "植物园开放时间为9:00至17:30，公众假日除外。",
    ),
    "th": (
        "แต่ละภาคีต้องจัดทำทะเบียนธนาคารเมล็ดพันธุ์ในอาณาเขตของตน",
        "ผู้ดูแลหอพรรณไม้ต้องแจ้งห้องสมุดภายใน 30 วัน",
        "การนำกิ่งปักชำออกจากสวนพฤกษศาสตร์ต้องมีใบอนุญาต",
        "สำนักงานท่าเรือตอบคำขอของเกษตรกรในวันทำการ",
        "โรงเรียนยืมเมล็ดพันธุ์ได้ โดยต้องคืนผลผลิตครึ่งหนึ่ง",
        "ห้ามนำตัวอย่างออกจากห้องเย็นหากไม่มีลายเซ็นของผู้ดูแลสองคน",
        "ผู้อ่านยืมหนังสือได้ไม่เกิน 5 เล่มเป็นเวลา 21 วัน",
        "สวนเปิดเวลา 9:00 ถึง 17:30 น. ยกเว้นวันหยุดราชการ",
    ),
    "ja": (
        "各締約国は、自国の領域内にあるシードバンクの登録簿を備える。",
        "標本館の管理者は、30日以内に図書館に通知する。",
        "植物園から挿し穂を持ち出すには許可証が必要です。",
        "港湾事務所は、平日に生産者からの問い合わせに回答します。",
        "収穫の半分を返すことを条件に、学校に種子を貸し出すことができます。",
        "管理者2名の署名がなければ、試料を冷蔵室から持ち出すことはできません。",
        "利用者は本を5冊まで21日間借りることができます。",
        "植物園の開園時間は9:00から17:30までです（祝日を除く）。",
    ),
}
LABELS = {
    "en": ("Save", "Seed list", "Permits", "Opening hours", "Herbarium", "Sign in"),
    "ar": ("حفظ", "قائمة البذور", "التصاريح", "ساعات العمل", "المعشبة", "تسجيل الدخول"),
    "es": ("Guardar", "Lista de semillas", "Permisos", "Horario", "Herbario", "Iniciar sesión"),
    "fr": ("Enregistrer", "Liste des semences", "Permis", "Heures d’ouverture", "Herbier", "Se connecter"),
    "ru": ("Сохранить", "Список семян", "Разрешения", "Часы работы", "Гербарий", "Войти"),
    "zh": ("保存", "种子清单", "许可证", "开放时间", "标本馆", "登录"),
    "th": ("บันทึก", "รายการเมล็ดพันธุ์", "ใบอนุญาต", "เวลาทำการ", "หอพรรณไม้", "เข้าสู่ระบบ"),
    "ja": ("保存", "種子一覧", "許可証", "開館時間", "標本館", "ログイン"),
}
LANGUAGES = tuple(SENTENCES)
WITHOUT_SPACES = frozenset({"zh", "th", "ja"})
CODES = ("{name}", "{0}", "%s", "<br>", "&nbsp;", '<a href="/seeds">', "</a>", "<b>", "</b>", "@:menu.home")
FIGURES = ("5", "12", "1,000", "3.5", "2026-11-21", "21/11/2026", "https://seeds.example/list", "desk@garden.example")
INVISIBLE = ("\u00ad", "\u200b", "\u200e", "\u200f", "\u2060", "\ufeff")

languages = st.sampled_from(LANGUAGES)


def pieces(text: str, language: str) -> list[str]:
    """What an edit may touch: words, or characters where words are not told apart by spaces."""
    return list(text) or [""] if language in WITHOUT_SPACES else text.split(" ")


def joined(parts: list[str], language: str) -> str:
    return ("" if language in WITHOUT_SPACES else " ").join(parts)


@st.composite
def texts(draw, language="en"):
    """A label, a sentence or a few of them, some with codes, numbers, dates and addresses put in."""
    parts = draw(
        st.lists(st.sampled_from((*SENTENCES[language], *LABELS[language])), min_size=1, max_size=3).map(
            lambda chosen: pieces(" ".join(chosen), language)
        )
    )
    for put in draw(st.lists(st.sampled_from((*CODES, *FIGURES)), max_size=3)):
        parts.insert(draw(st.integers(0, len(parts))), put)
    return joined(parts, language)


@st.composite
def edits(draw, text, language="en", most=3):
    """The text after up to `most` edits such as people make: of words, letters, case, signs, numbers, codes and order."""
    for _ in range(draw(st.integers(0, most))):
        edit = draw(st.sampled_from(_EDITS))
        text = draw(edit(text, language))
    return text


@st.composite
def pairs(draw, language=None):
    """(language, text, other): most others are edits of the text, some are other texts."""
    language = language or draw(languages)
    text = draw(texts(language))
    return language, text, draw(st.one_of(edits(text, language), edits(text, language, 8), texts(language)))


def hostile(max_size=60):
    """Anything at all: lone surrogates, controls, directions, marks like ours, combining signs, digits, codes cut off."""
    signs = st.one_of(
        st.characters(),
        st.sampled_from(
            "\ud800\udfff\0\x1b\x7f\x85\x92\u202e\u2066\u061c\uf8f0\uf8f1\uf8f6\uf8ff\ufffd\u0301\u0e31\u3099\u200d"
        ),
        st.sampled_from("0٣५๙９²½№º.,:/-'’\"« »<>&{}%@| \u00a0\u2028"),
    )
    ready = st.sampled_from(
        (*CODES, *FIGURES, "www.", "https://", "a@", "{", "<b", "1 000 000,50", "Ώ", "ﷺ", "ŉ", "İ", "ß")
    )
    return st.lists(st.one_of(signs, ready), max_size=max_size).map("".join)


@st.composite
def _drop(draw, text, language):
    parts = pieces(text, language)
    del parts[draw(st.integers(0, len(parts) - 1))]
    return joined(parts, language)


@st.composite
def _add(draw, text, language):
    parts = pieces(text, language)
    more = pieces(draw(st.sampled_from(SENTENCES[language])), language)
    parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(more)))
    return joined(parts, language)


@st.composite
def _change(draw, text, language):
    parts = pieces(text, language)
    more = pieces(draw(st.sampled_from(SENTENCES[language])), language)
    parts[draw(st.integers(0, len(parts) - 1))] = draw(st.sampled_from(more))
    return joined(parts, language)


@st.composite
def _move(draw, text, language):
    parts = pieces(text, language)
    part = parts.pop(draw(st.integers(0, len(parts) - 1)))
    parts.insert(draw(st.integers(0, len(parts))), part)
    return joined(parts, language)


@st.composite
def _mistype(draw, text, language):
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(["", *text])) + text[place + 1 :]


@st.composite
def _put(draw, text, language):
    place = draw(st.integers(0, len(text)))
    put = draw(st.sampled_from((*CODES, *FIGURES, *INVISIBLE, *",.;:!?'’\"-– ")))
    return text[:place] + put + text[place:]


@st.composite
def _recount(draw, text, language):
    return text.translate({ord("0") + digit: str(draw(st.integers(1, 9))) for digit in range(1, 10)})


def _recase(text, language):
    return st.sampled_from([text.upper(), text.lower(), text.title(), text.swapcase()])


_EDITS = (_drop, _add, _change, _move, _mistype, _put, _recount, _recase)
