"""The words that make a commitment, by what they do. Lemmas, lower case.

The classes follow the conventions of the labels the project is measured on: an explicit verb decides first; "will" and
"must" need somebody's mouth, and harm or a condition.
"""

from __future__ import annotations

from digests.text.wordlist import words as _words

PROMISE = _words("promise pledge vow swear undertake agree guarantee commit assure reassure")
THREATEN = _words("threaten")
OFFER = _words("offer propose volunteer")
DEMAND = _words("demand order tell urge instruct command direct insist require warn call give press rule")
HARMFUL_IF_VOWED = _words("vow swear threaten")
EAGER = _words("ready willing prepared")
"""Adjectives that offer: "was ready to help"."""

REPORT = _words(
    "say tell warn announce declare add insist state write rule reiterate stress confirm repeat tweet post note",
    "argue  threaten explain reply respond vow promise pledge assert maintain claim signal indicate emphasize",
    "emphasise  underline inform notify caution order decide decree conclude continue demand",
)
"""Verbs that put words into somebody's mouth. Denying, asking and doubting are not among them."""

RETRACT = _words("deny refuse decline reject dispute rule fail stop avoid hesitate withdraw drop abandon cancel forget")
"""What is under these is not committed to."""

HARM = _words(
    "attack strike hit bomb shell invade retaliate respond punish sanction prosecute sue boycott block blockade",
    "veto  destroy crush defeat eliminate annihilate kill shoot execute arrest detain jail imprison fine",
    "penalize penalise  expel deport evict ban bar suspend revoke cancel cut impose enforce seize confiscate",
    "freeze raid storm assault  fight resist defy oppose target pursue hunt retake recapture intervene force",
    "dismiss sack fire disqualify strip  withhold halt quit resign walk resume escalate avenge blow burn shut",
    "topple overthrow oust withdraw leave  intercept sink dissolve close bring stay refuse abandon scrap",
    "terminate tear stop occupy cripple hold dismantle  charge exclude relegate oust deploy disperse clear",
    "obliterate wipe raise reimpose reinstate slap levy tax double",
)
"""Acts that hurt the other side, when done to it or tied to a condition."""

HARM_ALWAYS = _words(
    "attack strike bomb shell invade retaliate punish sanction prosecute sue boycott blockade veto destroy",
    "crush  eliminate annihilate kill shoot execute arrest detain jail imprison fine penalize penalise expel",
    "deport evict  revoke enforce confiscate storm assault fight resist defy avenge intercept disperse",
    "obliterate reimpose topple  overthrow oust hunt intervene escalate dismiss disqualify impose seize",
)
"""Acts that need no condition to be a threat."""

HARM_NOUNS = _words(
    "force action retaliation sanction sanctions tariff tariffs duty strike strikes war boycott measure",
    "measures step  steps countermeasure countermeasures consequence consequences response lawsuit proceedings",
    "fire assault attack  attacks veto embargo blockade fine fines penalty penalties ban",
)
"""Objects that make a neutral verb harmful: "use force", "take other steps", "face the consequences"."""

SUFFER = _words("face pay lose risk suffer forfeit see meet go")
"""The B of "A or face B"."""

HELP = _words(
    "help send give provide deliver supply donate grant pay lift release free fund finance support protect",
    "return  restore reopen open ease end drop reduce lower waive forgive refund compensate rebuild repair",
    "contribute lend  assist aid share hand offer allow let welcome guarantee extend ship transfer distribute",
    "sign recognise recognize",
)
"""Acts that do the other side good."""

DELIVER = _words("send give provide deliver supply donate grant pay ship transfer contribute lend refund compensate")
"""With a beneficiary, even a plan to do these is a promise."""

DEAL = _words(
    "talk negotiate meet discuss work cooperate accept consider compromise engage sign mediate host begin start",
    "resume  take step do make sell buy lead join listen hold enter withdraw resign share move go come cut",
    "fight act use  respond defend sacrifice serve stand face answer testify surrender hand relinquish shoulder",
    "listen explore reconsider",
)
"""With HELP, what one can be "ready" to do for or with another."""

NO_OFFERS = _words(
    "evidence detail comment explanation view vision glimpse insight condolence thought opinion reason",
    "assessment clue  hint look perspective proof sign indication criticism analysis advice alternative chance",
    "opportunity service theory answer apology tribute prayer update version word praise guidance warning lesson",
    "example account statement remark excuse description sympathy consolation congratulation thanks solace rebuke",
)
"""What is offered without committing to anything."""

NO_ACT = _words(
    "be have know comment say elaborate discuss think believe seem appear become happen need want like expect",
    "hope  speculate disclose identify confirm answer tell mean rule rush remain matter work suffice last exist",
    "win lose",
)
"""Not doing these refuses nothing: "would not comment"."""

IF = _words("if unless until till once provided should otherwise when")
"""Words that open a condition; "when" only after "only"."""

OFFICIALS = _words(
    "minister president premier chancellor secretary governor mayor commissioner spokesman spokeswoman",
    "spokesperson  official officials general admiral colonel commander envoy ambassador chief chairman",
    "chairwoman chair chairperson  leader head director judge prosecutor senator lawmaker king prince sultan",
    "emir sheikh emperor executive ceo boss  captain superintendent sheriff administrator regulator adviser",
    "advisor deputy vice-president lieutenant major  coordinator speaker whip treasurer controller comptroller",
    "representative negotiator organiser organizer owner  founder archbishop cardinal pope ayatollah warlord",
    "generalissimo marshal",
)

BODIES = _words(
    "government police army military navy country ministry party force forces troops company union team city",
    "administration bloc authority authorities officer officers alliance nation bank court regulator agency",
    "council  commission committee board club treasury junta museum foundation fund watchdog embassy church",
    "senate congress  presidency office operator carrier network exchange charity hospital brigade unit fleet",
    "rebel rebels insurgents faction gang cartel jury crew  league federation movement group state parliament",
    "cabinet side firm airline ministry inspectorate department service guard guards militia coalition",
    "association university school",
)
"""Nouns for bodies that an official speaks for."""

ONLOOKERS = _words(
    "analyst expert economist professor researcher scholar historian observer critic resident survivor witness",
    "columnist editorial scientist academic commentator pundit author poll survey report study forecaster",
    "trader",
)
"""Those whose "must" orders nobody about and whose "will" is a forecast."""

THINGS_IN_ER = _words(
    "order letter number paper tower river water power weather summer winter computer factor sector error",
    "center centre  matter corner border fever chapter disaster danger offer tender cover answer timber powder",
    "ventilator layer mirror motor  tractor reactor sensor indicator monitor favor favour labor labour harbor harbour",
    "vapor rumor rumour tumor tumour  humor humour flavor flavour color colour honor honour behavior behaviour",
    "door floor corridor theater theatre paper  quarter shelter chamber newsletter poster banner dinner",
    "container hunger anger encounter transfer metaphor horror  terror discover cluster filter register counter",
    "matter litter silver wonder barrier career never other",
)
"""Words in -er and -or that name no doer."""
