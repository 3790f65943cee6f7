"""The regions that a campaign can be confined to: continents, and countries (ISO 3166-1)."""

_COUNTRIES_OF = {
    "AF": """AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA
        MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW""",
    "AN": "AQ BV GS HM TF",
    "AS": """AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA
        LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE""",
    "EU": """AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE
        LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA""",
    "NA": """AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX
        NI PA PM PR SV SX TC TT US VC VG VI""",
    "OC": "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    "SA": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
}
_CONTINENT_OF = {
    country: continent
    for continent, countries in _COUNTRIES_OF.items()
    for country in countries.split()
}

KOSOVO = "XK"
CONTINENTS = frozenset(_COUNTRIES_OF)
ALPHA_2 = frozenset(_CONTINENT_OF)

ALPHA_3_OF = {"AF": "AFG", "AS": "ASM", "NA": "NAM", "SA": "SAU"}
"""Afghanistan, American Samoa, Namibia and Saudi Arabia: their codes of two letters are those of
continents."""

REGIONS = CONTINENTS | ALPHA_2 | frozenset(ALPHA_3_OF.values())


def regions_of(country: str) -> frozenset[str]:
    """Return the regions that a country (two letters) lies in: itself, and its continent.

    Kosovo has no code in ISO 3166; proxies and databases send `XK`. None for any other code.
    """
    if country == KOSOVO:
        return frozenset({"EU"})
    if country not in _CONTINENT_OF:
        return frozenset()
    return frozenset({ALPHA_3_OF.get(country, country), _CONTINENT_OF[country]})
