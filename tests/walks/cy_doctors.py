"""Walks through what doctors and the keepers of health records do by phone and in writing (CY23, CY26)."""

from gateway.jobs.vaccinations import remind
from tests.support.consultations import DOCTOR
from tests.support.escorts import at
from tests.walks.cy import TERMS, agrees
from tests.walks.walk import ORDER, SEEN, Walk, walk


@walk(
    "checkup-plan",
    "A check-up plan for a child (CY26)",
    "CY26",
    "CHECKUP_PLAN",
    who={"name": "演示孩子", "birthOn": "2018-05-05"},
    refuses=False,
    **TERMS,
)
def checkup_plan(walk: Walk) -> None:
    """The family doctor says which examinations suit a child of that age, family and habits. What is
    not told draws a warning; the handbook refuses nothing, but an answer is not called off.
    """
    walk.begins()
    bare = {"policyNumber": walk.number}
    walk.warned("customer", "With too little to go by", "checkupPlanRequest", "CY26-FD-06", **bare)
    asked = {"policyNumber": walk.number, "familyHistory": ["哮喘"], "habits": ["挑食"]}
    walk.tried("customer", "A dry run", "checkupPlanRequest", **asked)
    booking = walk.send("customer", "The request", "checkupPlanRequest", ORDER, **asked)["booking"]["id"]
    seen = "status details { ... on CheckupPlanDetails { ageYears gender familyHistory habits } } availableActions"
    walk.ask("vendor", "What the vendor sees", SEEN % seen, id=booking)
    answer = {"content": "每年一次视力检查。", "suggestions": ["视力", "肺功能"]}
    walk.send("vendor", "The suggestions", "consultationReply", booking=booking, **answer)
    walk.failed("customer", "Too late to call it off", "bookingCancel", "input", "booking", booking=booking)
    walk.rated(booking)


@walk(
    "phone-consultation",
    "A question to a doctor by phone (CY23)",
    "CY23",
    "PHONE_CONSULTATION",
    refuses=False,
    plan="STANDARD",
)
def phone(walk: Walk) -> None:
    """At any hour a doctor of a top hospital calls; the insurer's staff keep the record. The handbook refuses nobody
    who is insured, but what was answered is not called off.
    """
    walk.at(at("2026-03-09 22:30")).begins()
    asked = {
        "policyNumber": walk.number,
        "mode": "PHONE",
        "topic": "DISEASE",
        "question": "孩子出疹子，能否洗澡？",
        "phone": "13800138000",
    }
    walk.tried("customer", "A dry run, late in the evening", "consultationStart", **asked)
    booking = walk.send("customer", "The question", "consultationStart", ORDER, **asked)["booking"]["id"]
    walk.ask("hotline", "What staff see", SEEN % "status availableActions", id=booking)
    walk.at(at("2026-03-09 22:45"))
    call = {"startedAt": at("2026-03-09 22:32"), "endedAt": at("2026-03-09 22:41")}
    answer = {"content": "可以，水温不要高。", "doctor": DOCTOR, "call": call}
    walk.send("hotline", "What the doctor said", "consultationReply", booking=booking, **answer)
    walk.failed("customer", "Too late to call it off", "bookingCancel", "input", "booking", booking=booking)
    walk.send("hotline", "The end", "consultationClose", booking=booking, summary="三天不退就诊。")
    walk.rated(booking)


@walk(
    "vaccination-reminders",
    "Reminders of vaccinations (CY26)",
    "CY26",
    "VACCINATION_REMINDER",
    who={"name": "演示孩子", "birthOn": "2025-09-05"},
    **TERMS,
)
def reminders(walk: Walk) -> None:
    """The vendor keeps the schedule in the child's health record, once a guardian has agreed; a timer tells the parents
    once of each dose, seven days ahead. No dose has been given before its day.
    """
    doses = "vaccinations { vaccine dose dueOn guidance remindedAt doneOn }"
    schedule = f"query ($number: String!) {{ policy(number: $number) {{ insured {{ {doses} }} }} }}"
    walk.ask("customer", "Nothing is planned yet", schedule, number=walk.number)
    first = {"vaccine": "麻腮风", "dose": 1, "dueOn": "2026-03-20", "guidance": "接种后留观半小时。"}
    planned = {"policyNumber": walk.number, "doses": [first, {"vaccine": "麻腮风", "dose": 2, "dueOn": "2026-09-20"}]}
    walk.refused("vendor", "Nobody has agreed to a record yet", "vaccinationPlanRecord", "CY26-FD-03", **planned)
    agrees(walk)
    given = {"policyNumber": walk.number, "doses": [first | {"doneOn": "2026-03-20"}]}
    where = ("input", "doses", "0", "doneOn")
    walk.failed("vendor", "A dose of the future was not given", "vaccinationPlanRecord", *where, **given)
    walk.tried("vendor", "A dry run", "vaccinationPlanRecord", doses, **planned)
    walk.send("vendor", "The vendor puts the schedule down", "vaccinationPlanRecord", doses, **planned)
    walk.timer(remind, at("2026-03-13 09:00"), "Seven days before the first dose the parents are told of it.")
    walk.ask("customer", "What the parents see", schedule, number=walk.number)
    taken = {"policyNumber": walk.number, "doses": [first | {"doneOn": "2026-03-20"}]}
    walk.at(at("2026-03-20 16:00"))
    walk.send("vendor", "The vendor crosses the dose off", "vaccinationPlanRecord", doses, **taken)


CHILD = {"name": "演示孩子", "birthOn": "2018-05-05"}


@walk("health-record", "A health record that is put right (CY26)", "CY26", "HEALTH_RECORD", who=CHILD, **TERMS)
def health_record(walk: Walk) -> None:
    """What the vendor has put into the record in error is taken back with a reason, or corrected in one step. It stays
    in the history, and an assessment of growth that could build on it is flagged. VAS keeps such a record as well.
    """
    walk.begins()
    measured = {"policyNumber": walk.number, "kind": "GROWTH_MEASUREMENT", "on": "2026-03-08", "heightCm": "181.5"}
    add, entry = "healthRecordEntryAdd", "entry { id heightCm }"
    walk.refused("vendor", "Nobody has agreed to a record yet", add, "CY26-FD-03", **measured)
    agrees(walk)
    wrong = walk.send("vendor", "A height with its figures turned around", add, entry, **measured)["entry"]["id"]
    team = {"pediatrician": "王医生", "healthManager": "李管家", "nutritionist": "赵营养师"}
    assessed = {"policyNumber": walk.number, "assessedOn": "2026-03-09", "mode": "PHONE", "assessment": "偏高。"}
    assessed |= {"team": team | {"rehabilitationTherapist": "钱康复师"}, "dietPlan": "照常。"}
    shows = "growthAssessment { assessedOn assessment }"
    walk.send("vendor", "Growth is assessed by it", "growthAssessmentRecord", shows, **assessed)
    right = measured | {"heightCm": "118.5", "corrects": {"entry": wrong, "reason": "数字颠倒"}}
    walk.tried("vendor", "A dry run of the correction", add, entry, **right)
    walk.send("vendor", "The correction takes the wrong one back and stands for it", add, entry, **right)
    visit = {"policyNumber": walk.number, "kind": "VISIT", "on": "2026-03-01", "title": "发热就诊"}
    stray = walk.send("vendor", "A visit of another child", add, "entry { id title }", **visit)["entry"]["id"]
    retract, gone = "healthRecordEntryRetract", "entry { isRetracted retractedAt retractionReason }"
    walk.send("vendor", "It is taken back", retract, gone, entry=stray, reason="是别的孩子的就诊")
    walk.failed("vendor", "Once is enough", retract, "input", "entry", entry=stray, reason="是别的孩子的就诊")
    history = """query ($number: String!) { policy(number: $number) { insured { healthRecord {
      stands: entries(first: 5) { nodes { kind heightCm } }
      history: entries(first: 5, withRetracted: true) { nodes {
        kind title heightCm isRetracted retractionReason replacedBy { heightCm } } }
      growthAssessments { assessment measuresRetractedAt } } } } }"""
    walk.ask("customer", "What the parents read", history, number=walk.number)


@walk("health-manager", "The health manager (CY26)", "CY26", "HEALTH_MANAGER", who=CHILD, refuses=False, **TERMS)
def health_manager(walk: Walk) -> None:
    """A manager of the vendor's contacts the policyholder by phone, WeChat or text message. Each contact is put down,
    the client reads what was discussed, and the next one waits in the vendor's queue from the time that both agreed on.
    """
    walk.begins()
    ways = "query { contactChannels(product: CY26, purpose: HEALTH_MANAGER) { kind value note } }"
    walk.ask("customer", "By what a genuine manager comes", ways)
    asked = {"policyNumber": walk.number, "service": "HEALTH_MANAGER", "content": "春天过敏，想请管家来电。"}
    walk.send("customer", "The client asks for a call", "messageLeave", "message { service content }", **asked)
    talk = {"policyNumber": walk.number, "manager": "李管家", "channel": "PHONE", "topic": "PREVENTION"}
    talk |= {"contactedAt": at("2026-03-09 08:50"), "content": "少去花多的地方，备好抗过敏药。"}
    record, shows = "healthManagerContactRecord", "managerContact { channel topic contactedAt nextContactAt }"
    walk.warned("vendor", "By a way that clients do not know", record, "CY26-FD-10", **talk | {"channel": "OTHER"})
    early = {"nextContactAt": at("2026-03-08 09:00")}
    walk.failed("vendor", "The next one lies ahead", record, "input", "nextContactAt", **talk | early)
    agreed = talk | {"nextContactAt": at("2026-03-16 09:00")}
    walk.tried("vendor", "A dry run", record, shows, **agreed)
    walk.send("vendor", "What was discussed, and when they will talk again", record, shows, **agreed)
    walk.at(at("2026-03-16 10:00"))
    due = """query ($number: String!) { managerContacts(where: { policyNumber: $number }) { nodes {
      topic content nextContactAt followedAt } } }"""
    walk.ask("vendor", "An hour late the vendor looks it up; its queue has had it as well", due, number=walk.number)
    again = {"contactedAt": at("2026-03-16 09:55"), "isReached": False, "nextContactAt": at("2026-03-17 09:00")}
    missed = {name: value for name, value in talk.items() if name != "content"} | again
    walk.send("vendor", "Nobody picks up", record, shows, **missed)
    log = """query ($number: String!) { policy(number: $number) { insured { managerContacts(first: 5) { nodes {
      manager channel topic isReached content nextContactAt followedAt } } } } }"""
    walk.ask("customer", "What the client reads", log, number=walk.number)
