"""Two hundred texts of a clearing-house of our own in six languages: every topic in every sentence, with every kind of code."""

import re
from itertools import product

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")

TOPICS = (
    ("Seed banks", "بنوك البذور", "Bancos de semillas", "Banques de semences", "Банки семян", "种子库"),
    ("Harbours", "الموانئ", "Puertos", "Ports", "Порты", "港口"),
    ("Herbaria", "المعشبات", "Herbarios", "Herbiers", "Гербарии", "植物标本馆"),
    ("Libraries", "المكتبات", "Bibliotecas", "Bibliothèques", "Библиотеки", "图书馆"),
    (
        "Import permits",
        "تصاريح الاستيراد",
        "Permisos de importación",
        "Permis d’importation",
        "Разрешения на ввоз",
        "进口许可证",
    ),
    ("Wetlands", "الأراضي الرطبة", "Humedales", "Zones humides", "Водно-болотные угодья", "湿地"),
    ("Field guides", "الأدلة الميدانية", "Guías de campo", "Guides de terrain", "Полевые определители", "野外指南"),
    ("Orchards", "البساتين", "Huertos", "Vergers", "Фруктовые сады", "果园"),
    ("Annual reports", "التقارير السنوية", "Informes anuales", "Rapports annuels", "Годовые отчёты", "年度报告"),
    ("Workshops", "حلقات العمل", "Talleres", "Ateliers", "Семинары", "研讨会"),
    ("Contact points", "جهات الاتصال", "Puntos de contacto", "Points de contact", "Контактные пункты", "联络点"),
)

# § is where the topic stands.
SENTENCES = (
    ("§", "§", "§", "§", "§", "§"),
    (
        '§: read the <a href="/rules" class="x">rules</a> before you send anything.',
        '§: اقرأ <a href="/rules" class="x">القواعد</a> قبل أن ترسل أي شيء.',
        '§: lea las <a href="/rules" class="x">reglas</a> antes de enviar nada.',
        '§ : lisez les <a href="/rules" class="x">règles</a> avant d’envoyer quoi que ce soit.',
        '§: прочитайте <a href="/rules" class="x">правила</a>, прежде чем что-либо отправлять.',
        '§：发送任何内容之前，请阅读<a href="/rules" class="x">规则</a>。',
    ),
    (
        "§: <b>new</b> since {date}",
        "§: <b>جديد</b> منذ {date}",
        "§: <b>nuevo</b> desde el {date}",
        "§ : <b>nouveau</b> depuis le {date}",
        "§: <b>новое</b> с {date}",
        "§：自 {date} 起<b>新增</b>",
    ),
    (
        "{count} entry in “§” | {count} entries in “§”",
        (
            "لا توجد قيود ({count}) في «§» | قيد واحد ({count}) في «§» | قيدان ({count}) في «§»"
            " | {count} قيود في «§» | {count} قيدًا في «§» | {count} قيد في «§»"
        ),
        "{count} entrada en «§» | {count} entradas en «§»",
        "{count} fiche dans « § » | {count} fiches dans « § »",
        "{count} запись в разделе «§» | {count} записи в разделе «§» | {count} записей в разделе «§»",
        "“§”中有 {count} 条记录 | “§”中有 {count} 条记录",
    ),
    (
        "Hello {name}, the page “§” was changed on %(day)s.",
        "مرحبا {name}، عُدّلت صفحة «§» يوم %(day)s.",
        "Hola, {name}: la página «§» se modificó el %(day)s.",
        "Bonjour {name}, la page « § » a été modifiée le %(day)s.",
        "Здравствуйте, {name}! Страница «§» была изменена %(day)s.",
        "您好，{name}，“§”页面已于 %(day)s 修改。",
    ),
    (
        "“§”: see @:menu.topics for <i>{name}</i>.",
        "«§»: انظر @:menu.topics بشأن <i>{name}</i>.",
        "«§»: véase @:menu.topics para <i>{name}</i>.",
        "« § » : voir @:menu.topics pour <i>{name}</i>.",
        "«§»: см. @:menu.topics для <i>{name}</i>.",
        "“§”：关于<i>{name}</i>，请参阅 @:menu.topics 。",
    ),
    (
        "Please reply within 30&nbsp;days.<br>Topic: §.",
        "يرجى الرد في غضون 30&nbsp;يوما.<br>الموضوع: §.",
        "Responda en un plazo de 30&nbsp;días.<br>Tema: §.",
        "Veuillez répondre sous 30&nbsp;jours.<br>Sujet : §.",
        "Пожалуйста, ответьте в течение 30&nbsp;дней.<br>Тема: §.",
        "请在 30&nbsp;天内回复。<br>主题：§。",
    ),
    (
        "<p>Topic: <b><i>§</i></b></p>",
        "<p>الموضوع: <b><i>§</i></b></p>",
        "<p>Tema: <b><i>§</i></b></p>",
        "<p>Sujet : <b><i>§</i></b></p>",
        "<p>Тема: <b><i>§</i></b></p>",
        "<p>主题：<b><i>§</i></b></p>",
    ),
    (
        "{0} of {1} steps are done for “§”.",
        "أُنجزت {0} من أصل {1} من خطوات «§».",
        "Se han completado {0} de {1} pasos de «§».",
        "{0} étapes sur {1} sont terminées pour « § ».",
        "Выполнено шагов: {0} из {1} (раздел «§»).",
        "“§”共有 {1} 个步骤，已完成 {0} 个。",
    ),
    (
        '<img src="leaf.png" alt=""> Picture of the week: §',
        '<img src="leaf.png" alt=""> صورة الأسبوع: §',
        '<img src="leaf.png" alt=""> Imagen de la semana: §',
        '<img src="leaf.png" alt=""> Image de la semaine : §',
        '<img src="leaf.png" alt=""> Снимок недели: §',
        '<img src="leaf.png" alt=""> 本周图片：§',
    ),
    (
        "§ &amp; partners",
        "§ &amp; الشركاء",
        "§ &amp; socios",
        "§ &amp; partenaires",
        "§ &amp; партнёры",
        "§ &amp; 合作伙伴",
    ),
    (
        "Last visit to “§”: %s",
        "آخر زيارة إلى «§»: %s",
        "Última visita a «§»: %s",
        "Dernière visite de « § » : %s",
        "Последнее посещение раздела «§»: %s",
        "上次访问“§”：%s",
    ),
    (
        "${user} added “§” to the list.",
        "أضاف ${user} «§» إلى القائمة.",
        "${user} ha añadido «§» a la lista.",
        "${user} a ajouté « § » à la liste.",
        "Пользователь ${user} добавил раздел «§» в список.",
        "${user} 已将“§”加入列表。",
    ),
    (
        "<!-- once a week -->Topic of the week: §",
        "<!-- once a week -->موضوع الأسبوع: §",
        "<!-- once a week -->Tema de la semana: §",
        "<!-- once a week -->Sujet de la semaine : §",
        "<!-- once a week -->Тема недели: §",
        "<!-- once a week -->本周主题：§",
    ),
    (
        "You may not delete “§”; ask {name} first.",
        "لا يجوز لك حذف «§»؛ اسأل {name} أولا.",
        "No puede eliminar «§»; pregunte primero a {name}.",
        "Vous ne pouvez pas supprimer « § » ; demandez d’abord à {name}.",
        "Вы не можете удалить раздел «§»; сначала спросите {name}.",
        "您不得删除“§”；请先询问 {name}。",
    ),
    (
        "Topic: §\n\nPlease read this before 15 March 2026.",
        "الموضوع: §\n\nيرجى قراءة هذا قبل 15 مارس 2026.",
        "Tema: §\n\nLea esto antes del 15 de marzo de 2026.",
        "Sujet : §\n\nVeuillez lire ceci avant le 15 mars 2026.",
        "Тема: §\n\nПрочитайте это до 15 марта 2026 года.",
        "主题：§\n\n请在 2026 年 3 月 15 日之前阅读。",
    ),
    (
        "{{ files }} files about “§” (< 5 MB each)",
        "{{ files }} من الملفات عن «§» (كل منها < 5 MB)",
        "{{ files }} archivos sobre «§» (< 5 MB cada uno)",
        "{{ files }} fichiers sur « § » (< 5 MB chacun)",
        "Файлов о теме «§»: {{ files }} (каждый < 5 MB)",
        "关于“§”的 {{ files }} 个文件（每个 < 5 MB）",
    ),
    (
        "<ul><li>First, choose <b>{name}</b>.</li><li>Then open “§”.</li></ul>",
        "<ul><li>اختر أولا <b>{name}</b>.</li><li>ثم افتح «§».</li></ul>",
        "<ul><li>Primero, elija <b>{name}</b>.</li><li>Después, abra «§».</li></ul>",
        "<ul><li>Choisissez d’abord <b>{name}</b>.</li><li>Ouvrez ensuite « § ».</li></ul>",
        "<ul><li>Сначала выберите <b>{name}</b>.</li><li>Затем откройте раздел «§».</li></ul>",
        "<ul><li>首先选择<b>{name}</b>。</li><li>然后打开“§”。</li></ul>",
    ),
    (
        "Write to {mail} about “§”, not to {phone}.",
        "اكتب إلى {mail} بشأن «§»، ولا تكتب إلى {phone}.",
        "Escriba a {mail} sobre «§», no a {phone}.",
        "Écrivez à {mail} au sujet de « § », et non à {phone}.",
        "По теме «§» пишите на {mail}, а не на {phone}.",
        "有关“§”的事宜，请不要联系 {phone}，请写信至 {mail}。",
    ),
)


def entries() -> tuple[dict[str, str], ...]:
    """Every text by language."""
    return tuple(
        {
            language: _spaced(language, sentence).replace("§", topic)
            for language, sentence, topic in zip(LANGUAGES, sentences, topics, strict=True)
        }
        for sentences, topics in product(SENTENCES, TOPICS)
    )


def _spaced(language: str, sentence: str) -> str:
    """French sets its high punctuation off with no-break spaces."""
    return re.sub(r" (?=[:;»])|(?<=«) ", "\N{NO-BREAK SPACE}", sentence) if language == "fr" else sentence
