"""The words that make a date a deadline, a plan, a state's end, or nothing: lemmas, by what they do to a date."""

from __future__ import annotations

from digests.text.dates.words import wordset

PROMISE = wordset("promise pledge vow undertake agree assure guarantee commit swear")
THREATEN = wordset("threaten warn")
DEMAND = wordset(
    "demand order tell urge insist require oblige instruct compel force command call request summon direct rule"
)
MUST = wordset("must shall should ought")
OBLIGED = wordset("have need require oblige")
GIVE = wordset("give grant allow get have offer set")
DENY = wordset("deny reject dismiss refute rebuff refuse decline")
CANCEL = wordset("cancel scrap abandon shelve axe ditch drop scotch suspend halt withdraw")
CALL_OFF = frozenset({("call", "off"), ("rule", "out"), ("put", "off")})
MOVE = wordset("postpone delay move reschedule defer push put shift extend prolong bring adjourn")
FORECAST = wordset("forecast predict project estimate reckon bet think believe fear guess anticipate likely")
ONLOOKERS = wordset(
    "analyst economist expert forecaster observer trader investor pollster critic strategist broker "
    "dealer many most some"
)
ISSUE = wordset("issue deliver send give present hand")
PAPERS = wordset("note bond debenture bill loan security obligation certificate")
OFFER = wordset("offer propose")
WANT = wordset("want need")
POSSIBLE = wordset("may might could can ca")
WILL = wordset("will wo 'll would 'd shall")
PLAN = wordset(
    "plan expect schedule set due slate intend aim hope prepare ready propose offer decide book time announce plot seek"
)
PLAN_NOUNS = wordset(
    "plan intention proposal bid deal offer agreement scheme decision move meeting talk summit vote strike visit trip"
)
DEADLINE_NOUNS = wordset("deadline ultimatum cutoff cut-off")
STATE_NOUNS = wordset(
    "truce ceasefire cease-fire licence license contract lease term mandate freeze closure law rule "
    "tariff ban waiver curfew embargo "
    "sanction lockdown emergency moratorium suspension visa permit patent warrant agreement deal "
    "pact treaty restriction measure duty "
    "levy tax exemption extension amnesty grace period offer sale exhibition season tenure contract "
    "residency blockade siege "
    "detention custody quarantine pause halt reprieve lull stay injunction order act regulation "
    "policy programme program subsidy cap "
    "mission patrol deployment closure strike walkout price fare fee rate"
)
ENDING = wordset("expire end lapse finish elapse cease terminate")
STARTING = wordset("start begin commence")
CLOSING = wordset("close end finish expire")
CLOSED_BY = wordset(
    "nomination application entry registration submission bid ballot poll voting consultation "
    "booking enrolment enrollment tender"
)
EFFECT = frozenset(
    {
        ("take", "effect"),
        ("come", "into"),
        ("enter", "into"),
        ("go", "into"),
        ("kick", "in"),
        ("come", "in"),
        ("take", "over"),
        ("phase", "in"),
    }
)
CONDITION = wordset("if unless provided should otherwise")
PERMITTING = "permitting"
HAPPENINGS = wordset(
    "trading bidding voting play shooting filming tournament season tour festival term-time session "
    "talk meeting vote election hearing trial summit game match show result paper inquiry it that "
    "there this which strike "
    "ceremony funeral conference debate hustings service work construction flight report winner final race plan event"
)
"""Subjects that name what happens, not who acts."""
OCCASIONS = wordset(
    "hearing fundraiser rally screening reception auction launch opening deadline referendum runoff run-off primary "
    "caucus midterm general poll ballot arraignment sentencing inauguration swearing-in opener kickoff "
    "kick-off final semifinal quarterfinal fixture clash derby qualifier concert gig performance premiere broadcast "
    "parade march protest demonstration sit-in walkout briefing press-conference call appointment session recess "
    "appearance testimony argument deposition visit trip arrival departure flight voyage sailing "
    "hand-over handover anniversary wedding burial "
    "memorial vigil service mass prayer lecture class course exam convention congress assembly forum workshop "
    "exercise drill test takeover expiry expiration cut-off cutoff due closure start end gathering get-together dinner "
    "lunch breakfast party gala fair market festival lottery draw election"
)
"""What a day may be the day of, beside HAPPENINGS."""
KEEP = wordset(
    "keep close shut ban suspend jail remand sentence detain hold stop bar halt freeze lock adjourn stay renew cancel"
)
"""What is done once and lasts until a coming day: "closed the school until Monday"."""
