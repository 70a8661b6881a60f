"""English words that printed texts break at the end of a line, for those that occur only once in a document.

Long words of law, treaties and reporting, in their base form; common endings are tried as well.
"""

from __future__ import annotations

from typing import Final

_LIST: Final = """
    abandon ability abolish abroad absence absolute abstain abstract academic academy accelerate accept access
    accession accident accommodate accompany accomplish accord according account accredit accumulate accurate accuse
    achieve acknowledge acquire acquisition action active activity actual adapt addition additional address adequate
    adhere adherence adjacent adjust administer administration administrative admission admit adopt advance
    advantage adversary adverse advice advise advisory aerial affair affect affirm afford africa african afternoon
    against agency agenda aggravate aggression aggressive aggressor agree agreement agricultural agriculture
    aircraft airfield airport alignment alliance allocate allocation allow almost already alternative although
    altogether ambassador ambition amend amendment america american amount analyse analysis analyst ancient announce
    annual another answer anticipate anybody anyone anything apartment apparatus apparent appeal appear appendix
    applicable applicant application apply appoint appraise appreciate approach appropriate appropriation approval
    approve approximate arbitral arbitrary arbitration archipelago architecture argument armament armistice arrange
    arrangement arrest arrival article artificial artillery asia asian aspect assemble assembly assert assess asset
    assign assist assistance associate association assume assurance assure atlantic attach attack attain attempt
    attend attention attitude attorney attract attribute auction audience australia australian authentic author
    authorise authority authorize automatic autonomous autonomy available average aviation avoid
    background balance ballistic barrier battalion battle because become before beginning behalf behavior behaviour
    behind belgian belgium belief believe belligerent belong beneath beneficial beneficiary benefit better between
    beyond bilateral billion binding biological border boundary branch breach bridge brigade britain british
    broadcast brother brussels budget building burden bureau business
    calculate calendar campaign canada canadian candidate capability capable capacity capital capture career careful
    casualty category cease ceiling central century ceremony certain certificate certify chairman chairperson
    challenge chancellor chapter character characteristic charge charter chemical chief china chinese circumstance
    citizen civil civilian claim clarify classification classify clause client climate closing cluster coalition
    coastal code collaborate collaboration collapse colleague collect collection collective college colonial column
    combat combination combine comfort command commander commence comment commerce commercial commission
    commissioner commit commitment committee commodity common commonwealth communicate communication community
    company compare comparison compatible compel compensate compensation competence competent competition
    competitive compile complain complaint complement complete complex compliance complicate comply component
    compose composition comprehensive comprise compromise compulsory compute computer conceal concede conceive
    concentrate concentration concept concern concert conclude conclusion concrete condemn condition conduct
    confederation conference confidence confidential configuration confine confirm conflict conform conformity
    confront confuse congress connect connection conscience conscious consecutive consensus consent consequence
    consequent conservation conservative consider considerable consideration consist consistent consolidate constant
    constitute constitution constitutional constrain constraint construct construction construe consul consular
    consult consultation consultative consume consumer contact contain contaminate contemplate contemporary content
    contest context continent continental contingency contingent continual continue continuity continuous contract
    contractor contradict contrary contrast contribute contribution control controversy convene convenient
    convention conventional conversation conversion convert convey convict convince cooperate cooperation
    cooperative coordinate coordination corner corporate corporation correct correspond correspondence corridor
    corrupt corruption council counsel counter country county courage course courtesy covenant coverage create
    credential credit crime criminal crisis criterion critical criticism criticize cultural culture currency current
    curriculum custody custom customary
    damage danger dangerous danish database daughter debate decade december decide decision declaration declare
    decline decrease dedicate deduct defeat defect defence defend defendant defense defensive deficiency deficit
    define definite definition definitive degree delay delegate delegation deliberate delicate deliver delivery
    demand demilitarize democracy democratic demonstrate demonstration denmark denounce denunciation department
    departure depend dependence dependent deploy deployment deposit depositary depository depreciate deprive deputy
    derive descend describe description desert deserve design designate desirable desire despite destination destroy
    destroyer destruction detail detain detect detention deter deteriorate determination determine deterrence
    deterrent detriment detrimental develop development deviate device diagram dialogue dictator difference
    different difficult difficulty digital dignity diminish diplomacy diplomat diplomatic direct direction directive
    director disadvantage disagree disagreement disappear disarm disarmament disaster discharge discipline disclose
    disclosure discontinue discount discover discovery discretion discriminate discrimination discuss discussion
    disease dismiss dispatch display disposal dispose disposition dispute disseminate dissolve distance distinct
    distinction distinguish distribute distribution district disturb disturbance diversity divide division doctor
    doctrine document documentary dollar domestic dominant dominate donation doubt draft dramatic duration during
    dutch duty dynamic
    earlier earning earth economic economy edition education effect effective efficiency efficient effort eighty
    either elaborate elect election electric electronic element elementary eleven eligible eliminate elsewhere
    embargo embark embassy emerge emergency emission emphasis emphasize employ employee employer employment enable
    enact encounter encourage endanger endeavor endeavour endorse enemy energy enforce enforcement engage engagement
    engine engineer enhance enjoy enlarge enlargement enough enrich ensure enter enterprise entertain enthusiasm
    entire entitle entity entrance entrust entry environment environmental envisage equal equality equation equip
    equipment equitable equivalent erect escalate especially essential establish establishment estate estimate
    ethnic europe european evaluate evaluation evening event eventual everybody everyone everything evidence evident
    evolution evolve examination examine example exceed excellent except exception exceptional exchange exclude
    exclusion exclusive excuse execute execution executive exempt exemption exercise exhaust exhibit exist existence
    expand expansion expect expectation expedite expedition expel expenditure expense expensive experience
    experiment expert expertise expiration expire explain explanation explicit explode exploit exploration explore
    explosion explosive export expose express expression extend extension extensive extent external extradite
    extradition extraordinary extreme
    facilitate facility factor factory faculty failure faith faithful familiar family famous father favor favorable
    favour favourable feasible feature february federal federation fellow fidelity fifty figure finance financial
    finding finish finland finnish fiscal fissile flexible flight foreign foremost forest formal formation former
    formula formulate forty forward foundation fraction framework france freedom french frequency frequent friday
    friend friendly friendship frontier fulfil fulfill fulfilment function fundamental furnish further furthermore
    future
    garden garrison gather general generate generation generous geneva genocide gentle genuine geographic geography
    german germany global goodwill govern government governor gradual graduate grant gravity greece greek ground
    guarantee guard guerrilla guidance guide guideline
    harbor harbour hardware harmony hazard headquarters health hearing helicopter hemisphere heritage herself
    hesitate hierarchy highway himself hire historian historic historical history holiday honor honour horizon
    hospital hostile hostility household however human humanitarian humanity hundred hurricane hypothesis
    identical identification identify identity ideology ignore illegal illustrate image imagine immediate immigrant
    immigration imminent immunity impact impartial implement implementation implicate implication implicit imply
    import importance important impose impossible impress improve improvement incident incline include inclusion
    inclusive income incorporate increase indefinite indemnity independence independent india indian indicate
    indication indicator indirect individual industrial industry inevitable infantry infect inflation influence
    influential inform informal information infrastructure infringe inhabit inhabitant inherent inherit initial
    initiate initiative injure injury innocent innovation inquire inquiry insert inside insist inspect inspection
    inspector install installation instance instead institute institution institutional instruct instruction
    instrument insufficient insurance insure insurgent integral integrate integration integrity intellectual
    intelligence intend intense intensify intention interact interaction intercept interconnect interest interfere
    interference interim interior intermediate internal international internet interoperability interoperable
    interpret interpretation interrogate interrupt interval intervene intervention interview introduce introduction
    invade invalid invasion invent investigate investigation investment investor invitation invite invoke involve
    irregular island isolate isolation israel israeli issue italian italy
    january japan japanese jeopardize joint journal journalist judge judgement judgment judicial jurisdiction
    jurisprudence justice justify
    keeping kingdom knowledge korea korean
    labor laboratory labour landing language large lateral latter launch lawful lawyer leadership league learn legal
    legislate legislation legislative legislature legitimate length lesson letter liability liaison liberal liberate
    liberty library licence license lieutenant likewise limit limitation liquid literature litigation location
    logistic logistical london
    machine machinery magazine magistrate magnitude mainland maintain maintenance major majority manage management
    manager mandate mandatory maneuver manner manoeuvre manual manufacture margin marine maritime market marshal
    massive material matter maximum meaning means meanwhile measure mechanic mechanism mediate mediation medical
    medicine medium meeting member membership memorandum memorial memory mention merchant message metropolitan
    military militia million minimum minister ministerial ministry minority minute missile mission mistake mobile
    mobilise mobilize moderate modern modify moment monday monetary monitor monopoly moral moreover morning mortgage
    moscow mother motion motivate mountain movement multilateral multinational multiple municipal murder mutual
    narrative narrow nation national nationality native natural nature naval navigate navigation necessary necessity
    negative neglect negligence negotiate negotiation negotiator neighbor neighbour neighbourhood neither
    netherlands network neutral neutrality nevertheless newspaper ninety nominal nominate nomination normal northern
    norway norwegian nothing notice notification notify notion notwithstanding november nuclear number numerous
    obedience object objection objective obligation obligatory oblige observation observe observer obstacle obtain
    obvious occasion occasional occupation occupy occur occurrence ocean october offence offend offense offensive
    office officer official operate operation operational operator opinion opponent opportunity oppose opposite
    opposition option optional order ordinary organ organic organisation organise organization organize orient
    orientation origin original otherwise ourselves outcome outline output outside outstanding overall overcome
    overseas overthrow owner ownership
    pacific package paragraph parallel parliament parliamentary partial participant participate participation
    particular partner partnership passage passenger passive passport patent patient patrol pattern payment peace
    peaceful peacekeeping penalty pending peninsula pension people perceive percent percentage perception perfect
    perform performance perhaps period periodic permanent permission permit persecute persist person personal
    personnel perspective persuade petition petroleum phenomenon philosophy physical pipeline planet platform pledge
    plenipotentiary plutonium poland police policy polish political politician politics pollution popular population
    portion position positive possess possession possible postpone potential poverty power practical practice
    practise preamble precaution precede precedent precise preclude predict prefer preference prejudice preliminary
    premise preparation prepare prescribe presence present presentation preserve preside presidency president
    presidential pressure presume prevail prevent prevention previous primary primitive principal principle priority
    prison prisoner private privilege probable problem procedure proceed proceeding process proclaim proclamation
    procure procurement produce product production profession professional professor profile profit program
    programme progress progressive prohibit prohibition project proliferate proliferation prolong prominent promise
    promote promotion prompt promulgate propel proper property proportion proportional proposal propose proposition
    prosecute prosecution prosecutor prospect prosperity protect protection protective protocol provide province
    provision provisional provoke proximity public publication publish punish punishment purchase purpose pursuant
    pursue pursuit
    qualification qualify quality quantity quarter question
    radar radiation radical radioactive railway random rapid ratification ratify rational reaction reactor readiness
    reaffirm realise realize reason reasonable rebellion recall receipt receive recent recipient reciprocal
    reciprocity recognise recognition recognize recommend recommendation reconcile reconciliation reconnaissance
    reconsider reconstruct record recover recovery recruit rectify reduce reduction refer reference referendum
    reflect reform refrain refuge refugee refusal refuse regard regarding regime regiment region regional register
    registration regret regular regulate regulation regulatory reinforce reinforcement reject relate relation
    relationship relative release relevant reliable reliance relief religion religious reluctant remain remark
    remarkable remedy remember remind remote removal remove render renew renewal renounce reorganize repair
    reparation repeat repel replace replacement reply report represent representation representative reprisal
    reproduce republic republican reputation request require requirement requisite rescue research reservation
    reserve reservoir reside residence resident residual resign resist resistance resolution resolve resource
    respect respective respond response responsibility responsible restore restrain restraint restrict restriction
    result resume retain retaliate retaliation retire retreat retrieve return reveal revenue reverse review revise
    revision revolution reward rights rigorous river rocket rotate routine russia russian
    sacrifice safeguard safety sanction satellite satisfaction satisfactory satisfy saturday scenario schedule
    scheme science scientific scientist scope search season seaward second secondary secret secretariat secretary
    section sector secure security segment select selection selective senate senator senior sensitive sentence
    separate september sequence sergeant serious servant service session settle settlement seven seventy several
    severe shipment shipping shortage should signal signatory signature significance significant silence similar
    simple simultaneous sister situate situation sixty soldier solemn solidarity solution somebody someone something
    somewhat source southern sovereign sovereignty soviet space spain spanish speaker special specialist specialize
    species specific specification specify spirit spokesman spokesperson sponsor spread squadron stability stabilize
    stable standard standing statement station statistic statistical status statute statutory stipulate storage
    straight strait strategic strategy strength strengthen stress strict structure student study subject submarine
    submission submit subordinate subparagraph subscribe subsequent subsidiary subsidy subsistence substance
    substantial substantive substitute substitution subversion subversive succeed success successful succession
    successive successor suffer sufficient suggest suggestion suitable summary summit sunday superior supervise
    supervision supplement supplementary supplier supply support suppose supreme surface surplus surprise surrender
    surround surveillance survey survive suspect suspend suspension sustain sustainable sweden swedish symbol
    sympathy system systematic
    tactical target tariff technical technique technology telecommunication telegram telegraph telephone television
    temperature temporary tenant tendency tension terminal terminate termination territorial territory terror
    terrorism terrorist testify testimony thereafter thereby therefore thereof thereto thermonuclear thirty thorough
    thought thousand threat threaten threshold through throughout thursday together tolerance torpedo torture toward
    towards tradition traditional traffic training transaction transcript transfer transform transformation transit
    transition transitional translate translation transmission transmit transparency transparent transport
    transportation travel treasury treatment treaty tribunal trilateral troops trouble trustee trusteeship tuesday
    turkey turkish twelve twenty
    ukraine ukrainian ultimate unable unanimous uncertain under undergo underground underlie undermine understand
    understanding undertake undertaking unfortunate uniform unilateral union unique unite united universal universe
    university unknown unlawful unless unlike unprecedented until upon uranium urgent usual utilise utilize utmost
    vacancy valid validity valuable value variable variation variety various vehicle verification verify version
    vessel veteran victim victory vienna village violate violation violence virtual visible vision visit vital
    vocabulary volume voluntary volunteer
    warfare warning warrant warship washington waterway weapon weather wednesday welcome welfare western whatever
    whenever whereas wherever whether whichever wholly willing window withdraw withdrawal within without witness
    workshop worldwide writing
    yesterday yourself
    zealand
"""
_BASES: Final = frozenset(_LIST.split())
_ENDINGS: Final = (
    ("", ""), ("s", ""), ("es", ""), ("es", "e"), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("ily", "y"), ("ally", ""), ("ment", ""), ("ments", ""), ("er", ""), ("er", "e"),
    ("ers", ""), ("ers", "e"), ("or", ""), ("or", "e"), ("ors", "e"), ("ion", ""), ("ion", "e"), ("ions", "e"),
    ("ions", ""), ("al", ""), ("ity", ""), ("ity", "e"), ("ness", ""), ("less", ""), ("able", ""), ("able", "e"),
    ("ist", ""), ("ists", ""), ("ism", ""), ("ship", ""), ("ward", ""), ("ational", "e"), ("ization", "ize"),
    ("isation", "ise"), ("izations", "ize"), ("ability", "able"), ("ibility", "ible"), ("ance", ""), ("ence", ""),
)  # fmt: skip
_SHORTEST: Final = 4  # letters of a base that an ending may be taken from


def is_word(word: str) -> bool:
    """True for a word of the list, in lower case, with or without a common ending or a doubled letter before it."""
    return any(
        base + instead in _BASES
        or (ending in {"ed", "ing", "er", "al"} and base[:-1] in _BASES and base[-2] == base[-1])
        for ending, instead in _ENDINGS
        if word.endswith(ending) and len(base := word[: len(word) - len(ending)]) >= _SHORTEST
    )
