"""What is asked for a statement, in the API's own words: who may see what, and what is masked, is decided there."""

LETTER = """
query Letter($id: ID!) {
  node(id: $id) {
    ... on GuaranteeLetter {
      number status ceiling { amount } drawn { amount } carried { amount } startsOn endsOn issuedAt deliveredAt endedAt
      hospital { ...Named }
      preAuth {
        number treatmentOn insured { name idNumber }
        policy { number product { ...Sold } }
        items { name decision approvedAmount { amount } matchedRules cancelledAt }
      }
    }
  }
}
"""

DECISION = """
query Decision($id: ID!) {
  node(id: $id) {
    ... on ClaimDecision { ...Decided }
    ... on Claim { decision { ...Decided } }
  }
}
fragment Decided on ClaimDecision {
  revision outcome reason decidedAt rulebook ruleCodes ...Divided
  lines {
    asked { amount } allowed { amount } deductible { amount } copay { amount } excluded { amount } other { amount }
    paid { amount } reason ruleCodes line { position name }
  }
  claim {
    number kind createdAt insured { name idNumber }
    policy { number product { ...Sold } }
    visits { position visitedOn dischargedOn amount { amount } hospital { ...Named } }
    decision { revision }
    payments { payee status failure account amount { amount } orderedAt resolvedAt hospital { ...Named } }
  }
}
fragment Divided on ClaimDecision {
  asked { amount } allowed { amount } deductible { amount } copay { amount } excluded { amount } other { amount }
  paid { amount }
}
"""

BENEFITS = """
query Benefits($id: ID!) {
  viewer { kind }
  node(id: $id) {
    ... on Policy {
      number status startsOn endsOn product { ...Sold } plan { zh: name(lang: ZH) en: name(lang: EN) }
      riders { rider { zh: name(lang: ZH) en: name(lang: EN) } }
      insured { id name idNumber }
      benefits {
        kind unit period limit isUnlimited used held remaining monthlyCap startsOn endsOn usableFrom
        zh: name(lang: ZH) en: name(lang: EN) insured { id }
      }
    }
  }
}
"""

CLAUSES = """
query Clauses($codes: [String!]!) {
  rules(where: {code: {in: $codes}}, first: 100) {
    nodes {
      code zh: statement(lang: ZH) en: statement(lang: EN)
      clause { zh: section(lang: ZH) en: section(lang: EN) item lines }
      product { handbook { zh: title(lang: ZH) en: title(lang: EN) } }
    }
  }
}
"""

_NAMED = "fragment Named on Hospital { name }"
_SOLD = """
fragment Sold on Product {
  zh: name(lang: ZH) en: name(lang: EN) insurer { zh: name(lang: ZH) en: name(lang: EN) }
}
"""

DOCUMENTS = {
    "letter": f"{LETTER}{_NAMED}{_SOLD}",
    "decision": f"{DECISION}{_NAMED}{_SOLD}",
    "claim": f"{DECISION}{_NAMED}{_SOLD}",
    "pol": f"{BENEFITS}{_SOLD}",
}
"""By the prefix of the id."""
