"""The tabs that GraphiQL opens with: one for each kind of viewer, and the first refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOKEN = {"authorization": "Bearer <paste a token that make serve printed>"}
CLOCK = {"x-dev-now": "2026-03-09T09:00:00+08:00"}
DAY_TWENTY = {"x-dev-now": "2026-01-20T09:00:00+08:00"}  # of the demo policies


@dataclass(frozen=True, slots=True)
class Example:
    """A document that is ready to run, once a token stands in its headers. The page adds its reader's language."""

    query: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str]

    def as_tab(self) -> dict[str, Any]:
        return {"query": self.query.lstrip(), "variables": dict(self.variables), "headers": dict(self.headers)}


CATALOGUE = Example(
    """
# 目录对所有人开放，无需令牌。
# 语言在 Headers 的 accept-language 中切换：zh 或 en；
# 再点左侧的刷新按钮，文档也随之切换。
#
# The catalogue is public: no token.
# Headers has the language, accept-language: zh or en;
# the refresh button on the left then brings
# the documentation in that language too.
query Catalogue($city: String!) {
  products {
    totalCount
    nodes {
      code
      name
      handbook {
        title
        edition
      }
      plans {
        code
        name
      }
      services {
        kind
        name
        quota
        waitingDays
      }
    }
  }
  hospitals(where: { city: $city }, first: 5) {
    totalCount
    nodes {
      code
      name
      level
      isDemo
    }
  }
}
""",
    {"city": "苏州"},
    {},
)

CUSTOMER = Example(
    """
# 客户：在 Headers 中粘贴 make serve 打印的客户令牌，
# 查看自己的保单、权益与预约。
#
# A customer: paste a customer's token under Headers,
# and see your own policy, entitlements and bookings.
query Customer($policy: String!) {
  viewer {
    kind
    name
    scopes
    now
  }
  policy(number: $policy) {
    id
    number
    status
    startsOn
    endsOn
    insured {
      name
      birthOn
    }
    entitlements {
      service
      name
      insured {
        name
      }
      granted
      reserved
      used
      remaining
      usableFrom
      ledger {
        kind
        reason
        at
      }
    }
    bookings(first: 5) {
      nodes {
        id
        number
        status
        visitAt
        availableActions
      }
    }
  }
}
""",
    {"policy": "DEMO-ZYB-001"},
    {**TOKEN, **CLOCK},
)

VENDOR = Example(
    """
# 服务商：粘贴服务商令牌，
# 查看待处理的预约、时限与下一步可做的操作。
#
# A vendor: paste a vendor's token, and see
# what waits for you, by when, and what may be done next.
query Vendor($waiting: [BookingStatus!]) {
  viewer {
    kind
    vendor
    scopes
  }
  bookings(where: { status: { in: $waiting } }, first: 20) {
    totalCount
    nodes {
      id
      number
      status
      visitAt
      hospital {
        name
        city {
          name
        }
      }
      details {
        ... on EscortDetails {
          patientName
          companionRelation
          conditions
        }
      }
      slaClocks {
        status
        dueAt
        rule {
          code
          statement
        }
      }
      availableActions
    }
  }
}
""",
    {"waiting": ["REQUESTED", "ACCEPTED", "ASSIGNED", "CONFIRMED"]},
    {**TOKEN, **CLOCK},
)

STAFF = Example(
    """
# 员工：粘贴员工令牌。运行按钮会问运行哪个操作：
# 查询保单，或试运行登记（不会留下数据）。
#
# Staff: paste a staff token. The button asks which one
# to run: the query of policies, or a registration,
# which is a dry run and leaves nothing behind.
query Staff($policies: PolicyFilter) {
  viewer {
    kind
    name
    scopes
  }
  policies(where: $policies, first: 10) {
    totalCount
    nodes {
      number
      product {
        code
        name
      }
      status
      startsOn
      endsOn
      isDemo
      bookings(first: 3) {
        nodes {
          number
          status
          deduction {
            status
            reason
          }
        }
      }
    }
  }
}

mutation StaffRegisters($input: PolicyRegisterInput!) {
  policyRegister(input: $input, dryRun: true) {
    isDryRun
    refusals {
      message
      rule {
        code
      }
    }
    policy {
      number
      startsOn
      endsOn
      entitlements {
        service
        granted
        usableFrom
      }
    }
  }
}
""",
    {
        "policies": {"product": "ZYB"},
        "input": {
            "idempotencyKey": "graphiql-register-1",
            "product": "ZYB",
            "number": "TRY-ZYB-001",
            "effectiveOn": "2026-03-10",
            "channel": "ONLINE",
            "holder": {
                "name": "试用甲",
                "gender": "FEMALE",
                "birthOn": "1984-05-17",
                "phone": "13800000000",
                "idType": "PASSPORT",
                "idNumber": "E00000001",
            },
            "insured": [
                {
                    "name": "试用乙",
                    "gender": "MALE",
                    "birthOn": "1954-11-02",
                    "idType": "PASSPORT",
                    "idNumber": "E00000002",
                }
            ],
        },
    },
    {**TOKEN, **CLOCK},
)

FIRST_REFUSAL = Example(
    """
# 第一次被拒：徐州不在服务城市之列，71 岁独自就诊，
# 约在当天，仍在等待期。一次回答列出全部原因，
# 各附条款与补救办法。试运行：改了变量可再试。
# 粘贴客户令牌。
#
# The first refusal: Xuzhou is not served, the patient
# is 71 and alone, the visit is today, and the waiting
# period is not over. One answer has every reason, each
# with its clause and remedy. It is a dry run: change the
# variables and try again. Paste a customer's token.
mutation FirstRefusal($input: EscortBookInput!) {
  escortBook(input: $input, dryRun: true) {
    isDryRun
    refusals {
      message
      remedy
      passesFrom
      inputPath
      rule {
        code
        clause {
          handbook
          section
          item
        }
      }
    }
    booking {
      number
      status
    }
  }
}
""",
    {
        "input": {
            "idempotencyKey": "graphiql-first-refusal",
            "policyNumber": "DEMO-ZYB-001",
            "hospital": "DEMO-XZ-002",
            "department": "CARDIOLOGY",
            "visitAt": "2026-01-20T14:00:00+08:00",
            "patient": {"name": "演示王爷爷", "gender": "MALE", "phone": "13800131003", "birthOn": "1954-06-15"},
            "registration": "心内科门诊，已在线挂号",
            "isDiagnosed": False,
            "symptom": "胸闷",
            "need": "陪同取号、检查与取药",
            "acknowledged": ["ZYB-ESC-23"],
        }
    },
    {**TOKEN, **DAY_TWENTY},
)

EXAMPLES = (CATALOGUE, CUSTOMER, VENDOR, STAFF, FIRST_REFUSAL)
