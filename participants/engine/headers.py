"""What the columns of HR files are called in English, Dutch and German, and which we have no business with."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Our fields of a person with the headers that mean them, in normal form, the surest first.
ROSTER_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "hr_key": _words(
        "hrkey hrid employeeid employeeno employeenumber employeenr employeekey employeecode staffid staffno "
        "staffnumber personid personkey personnelnumber personnelno personnelid workerid globalid userid "
        "personeelsnummer personeelsnr personeelsid persnr medewerkernummer medewerkernr medewerkerid stamnummer "
        "werknemersnummer werknemernummer personalnummer personalnr mitarbeiternummer mitarbeiternr "
        "mitarbeiterid angestelltennummer id"
    ),
    "first_name": _words(
        "firstname givenname forename first preferredname voornaam roepnaam vorname rufname"
    ),
    "last_name": _words(
        "lastname surname familyname last achternaam familienaam nachname familienname zuname"
    ),
    "email": _words(
        "email mail emailaddress workemail businessemail companyemail emailadres mailadres werkmail zakelijkemail "
        "emailadresse mailadresse emailgeschaftlich geschaftlicheemail dienstlicheemail"
    ),
    "job_title": _words(
        "jobtitle positiontitle jobname functie functietitel functienaam functiebenaming stellenbezeichnung "
        "positionsbezeichnung jobtitel berufsbezeichnung funktion stelle position title role rol"
    ),
    "grade": _words(
        "grade joblevel jobgrade paygrade level careerlevel band schaal functieschaal salarisschaal "
        "functieniveau niveau stufe karrierestufe entgeltgruppe gehaltsstufe ebene besoldungsgruppe"
    ),
    "manager": _words(
        "manager managerid managerno managernumber managerkey managerhrkey managercode managerhrid linemanager "
        "linemanagerid linemanagerkey reportsto reportstoid supervisor supervisorid bossid "
        "leidinggevende leidinggevendeid leidinggevendenummer leidinggevendenr managernummer managernr "
        "personeelsnummerleidinggevende personeelsnummermanager "
        "vorgesetzter vorgesetzte vorgesetzteid vorgesetztenr vorgesetztennummer vorgesetztennr "
        "vorgesetztenid vorgesetzternr fuhrungskraft fuhrungskraftid fuhrungskraftnr fuhrungskraftnummer "
        "personalnummervorgesetzter personalnummerfuhrungskraft"
    ),
    "appraiser": _words(
        "appraiser appraiserid appraiserkey appraiserno appraisedby careercoach careercoachid counsellor "
        "counsellorid beoordelaar beoordelaarid beoordelaarnr beoordelaarnummer beurteiler beurteilerid "
        "beurteilernr beurteilerin beurteilende"
    ),
    "dotted": _words(
        "dottedline dottedlines dottedlinemanager dottedlinemanagers dottedlinemanagerid dottedlinemanagerids "
        "dottedlineid dottedlineids dottedlineto functionalmanager functionalmanagerid matrixmanager "
        "matrixmanagerid secondmanager secondmanagerid stippellijn functioneelleidinggevende "
        "functioneelleidinggevendeid tweedeleidinggevende tweedeleidinggevendeid fachlichervorgesetzter "
        "fachlichevorgesetzte fachvorgesetzter fachlichefuhrungskraft zweitervorgesetzter zweitevorgesetzte"
    ),
    "department": _words(
        "department dept departmentname unit orgunit organisationalunit organizationalunit division "
        "businessunit afdeling afdelingsnaam afdelingnaam organisatieeenheid divisie "
        "abteilung abteilungsname bereich organisationseinheit fachbereich"
    ),
    "team": _words("team teamname teamnaam subteam arbeitsgruppe gruppe groep"),
    "discipline": _words("discipline jobfamily profession vakgebied fachgebiet disziplin"),
    "city": _words(
        "city town stad plaats stadt ort standort standplaats vestiging dienstort arbeitsort "
        "worklocation worksite location site office locatie kantoor werkplek buro"
    ),
    "office": _words(
        "office officename worksite worklocation site location kantoor kantoornaam locatie vestiging werkplek "
        "standplaats standort buro geschaftsstelle niederlassung building gebouw gebaude"
    ),
    "country": _words("country countrycode workcountry land landcode werkland landercode"),
    "groups": _words(
        "groups barriergroup barriergroups informationbarrier informationbarriers barrier barriers wall walls "
        "chinesewall clientwall restrictedgroup groepen barrieregroep informatiebarriere informatiebarrieres "
        "vertraulichkeitsbereich vertraulichkeitsbereiche informationsbarriere informationsbarrieren gruppen"
    ),
    "time_zone": _words("timezone tz tijdzone zeitzone"),
    "languages": _words(
        "language languages lang languagecode worklanguage worklanguages workinglanguages preferredlanguage "
        "taal talen voertaal taalcode werktalen sprache sprachen sprachcode arbeitssprache arbeitssprachen "
        "korrespondenzsprache"
    ),
}
#: Without these there is no person, or no rule against the reporting line.
REQUIRED: Final = ("hr_key", "first_name", "last_name", "email", "manager")

GRADE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "job_title": ROSTER_FIELDS["job_title"],
    "grade": ROSTER_FIELDS["grade"],
}

#: Parts of headers that betray what a mentoring programme must not know (B-04), by kind.
_PRIVATE: Final[Mapping[str, tuple[str, ...]]] = {
    "pay": (
        "salary", "salaris", "gehalt", "wage", "loon", "lohn", "bonus", "compensation", "verdienst", "commission",
        "provisie", "provision", "vergoeding", "vergutung", "payrate", "hourlyrate", "uurtarief", "ctc",
    ),
    "dates": (
        "hiredate", "hiringdate", "startdate", "dateofhire", "entrydate", "joindate", "seniority", "tenure",
        "indienst", "dienstjaren", "startdatum", "eintritt", "beginndatum", "einstellung", "betriebszugehorigkeit",
        "enddate", "einddatum", "austritt", "contractend",
    ),
    "birth": ("birth", "geboorte", "geburt", "dob", "age", "leeftijd", "alter", "jahrgang"),
    "origin": (
        "nationality", "nationaliteit", "nationalitat", "staatsangehorigkeit", "citizenship", "ethnic", "race",
        "herkunft", "afkomst", "visa", "religion", "religie", "godsdienst", "konfession",
    ),
    "private": (
        "gender", "sex", "geslacht", "geschlecht", "marital", "burgerlijkestaat", "familienstand", "children",
        "kinderen", "kinder", "health", "sick", "ziek", "krank", "disab", "handicap", "behinder",
        "performance", "rating", "beoordeling", "beurteilung",
    ),
    "identity": (
        "bsn", "ssn", "socialsecurity", "burgerservice", "sozialversicherung", "steuer", "taxid", "passport",
        "paspoort", "reisepass", "nationalid", "iban", "bank", "konto",
    ),
    "contact": (
        "phone", "telefo", "mobile", "mobiel", "handy", "address", "adres", "adresse", "street", "straat",
        "strasse", "postcode", "postal", "plz", "zip", "emergency", "photo", "foto",
    ),
}  # fmt: skip
#: Fragments too short to be looked for inside other words.
_WHOLE_ONLY: Final = frozenset(
    {"age", "sex", "alter", "race", "zip", "visa", "bank", "bsn", "ssn", "dob", "ctc"}
)


@dataclass(frozen=True)
class LeftOut:
    """A column that is not taken over. ``kind`` is one of ``_PRIVATE`` or "unneeded"."""

    header: str
    kind: str


def normalise(header: str) -> str:
    """Letters and digits only, small, without accents: "E-Mail-Adresse" and "emailadresse" are one."""
    plain = unicodedata.normalize("NFKD", header.casefold().replace("ß", "ss"))
    return "".join(sign for sign in plain if sign.isalnum())


def is_known_header(header: str) -> bool:
    """Whether the word heads a column that we know, wanted or not: this tells a table from prose."""
    word = normalise(header)
    return any(word in words for words in ROSTER_FIELDS.values()) or private_kind(header) is not None


def guess(headers: Sequence[str], fields: Mapping[str, Sequence[str]] = ROSTER_FIELDS) -> dict[str, int]:
    """Field → column index for the headers that leave no doubt; each column serves once."""
    found: dict[str, int] = {}
    words = [normalise(header) for header in headers]
    for name, synonyms in fields.items():
        free = [index for index, word in enumerate(words) if word in synonyms and index not in found.values()]
        if free:
            found[name] = min(free, key=lambda index: synonyms.index(words[index]))
    return found


def private_kind(header: str) -> str | None:
    """Which kind of private matter a header announces, or None."""
    word = normalise(header)
    for kind, fragments in _PRIVATE.items():
        for fragment in fragments:
            if word == fragment or (fragment in word and fragment not in _WHOLE_ONLY):
                return kind
    return None


def left_out(headers: Sequence[str], mapping: Mapping[str, int]) -> list[LeftOut]:
    """Every column that the import does not take over, to be named to the coordinator (B-04)."""
    used = set(mapping.values())
    return [
        LeftOut(header, private_kind(header) or "unneeded")
        for index, header in enumerate(headers)
        if index not in used
    ]


def missing(mapping: Mapping[str, int]) -> list[str]:
    """The fields that nobody has given a column and that we cannot do without.

    A grade may come from the job title, so either of the two will do.
    """
    lacking = [name for name in REQUIRED if name not in mapping]
    if "grade" not in mapping and "job_title" not in mapping:
        lacking.append("grade")
    return lacking
