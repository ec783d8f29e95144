"""The shipped catalogue of topics (S4.24 and the articles' own examples), in three languages."""

from django.db import migrations

TOPICS = [
    ("process_tools", "Online tools and better processes", "Online hulpmiddelen en betere processen", "Online-Werkzeuge und bessere Abläufe"),
    ("current_events", "Current events and our industry", "Actualiteit en onze sector", "Aktuelle Ereignisse und unsere Branche"),
    ("technologies", "New technologies", "Nieuwe technologie", "Neue Technologien"),
    ("practice_cases", "Cases from practice", "Praktijkgevallen", "Fälle aus der Praxis"),
    ("new_business", "New business opportunities", "Nieuwe kansen", "Neue Geschäftsmöglichkeiten"),
    ("strategy_vision", "Strategy and vision", "Strategie en visie", "Strategie und Vision"),
    ("digital_skills", "Digital skills", "Digitale vaardigheden", "Digitale Fähigkeiten"),
    ("gen_ai", "Generative AI", "Generatieve AI", "Generative KI"),
    ("social_media", "Social media", "Sociale media", "Soziale Medien"),
    ("finance_analytics", "Finance analytics", "Financiële analyse", "Finanzanalyse"),
    ("consumer_view", "The customer’s view", "De blik van de klant", "Die Sicht der Kundschaft"),
    ("market_trends", "Market trends", "Markttrends", "Markttrends"),
    ("diversity_barriers", "Values, perspectives, barriers", "Waarden, perspectieven, drempels", "Werte, Perspektiven, Hürden"),
    ("collaboration", "Working together", "Samenwerken", "Zusammenarbeit"),
    ("work_culture", "Our working culture", "Onze werkcultuur", "Unsere Arbeitskultur"),
    ("worklife_balance", "Work and life", "Werk en leven", "Arbeit und Leben"),
    ("latest_university", "Fresh from university", "Vers van de universiteit", "Frisch aus dem Studium"),
    ("outside_signals", "Signals from outside", "Signalen van buiten", "Signale von außen"),
    ("craft", "The craft itself", "Het vak zelf", "Das Fach selbst"),
    ("change_management", "Leading change", "Verandering leiden", "Wandel gestalten"),
    ("leadership", "Leading and deciding", "Leiden en beslissen", "Führen und entscheiden"),
]


def ship(apps, schema_editor):
    Topic = apps.get_model("programmes", "Topic")
    for code, en, nl, de in TOPICS:
        Topic.objects.get_or_create(programme=None, code=code, defaults={"name_en": en, "name_nl": nl, "name_de": de})


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_states")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
