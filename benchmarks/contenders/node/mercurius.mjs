// Mercurius with its JIT compiler, its batching loaders and pg: what its documentation advises for speed.
import fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.BENCH_DSN, max: Number(process.env.BENCH_POOL) });
const DAY = (value) => `to_char(${value}, 'YYYY-MM-DD')`;
const INSTANT = (value) => `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const START = { micros: "9000000000000000", id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

// A name makes pg prepare the statement once for each connection.
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const schema = `
  type Query {
    policy(number: String!): Policy
    hospitals(where: HospitalFilter, first: Int = 20): HospitalConnection!
    drugs(first: Int = 20, after: String): DrugConnection!
    bookings(first: Int = 20, after: String): BookingConnection!
  }
  type Mutation { escortBook(input: EscortBookInput!): EscortBookPayload! }
  type Policy {
    number: String! status: String! effectiveAt: String! startsOn: String! endsOn: String!
    product: Product insured: [Person!]! entitlements: [Entitlement!]! bookings(first: Int = 20): BookingConnection!
    claims(first: Int = 20): ClaimConnection!
  }
  type Product { code: String! name: String! }
  type Person { name: String! gender: String! birthOn: String }
  type Entitlement {
    service: String! granted: Int reserved: Int! used: Int! remaining: Int usableFrom: String expiresOn: String!
  }
  input HospitalFilter { city: String department: String }
  type HospitalConnection { totalCount: Int! nodes: [Hospital!]! }
  type Hospital {
    code: String! name: String! level: Int type: String! city: City! departments: [HospitalDepartment!]!
  }
  type City { name: String! }
  type HospitalDepartment { code: String! name: String! isFeatured: Boolean! }
  type DrugConnection { nodes: [Drug!]! pageInfo: PageInfo! }
  type Drug { seq: Int! brand: String! generic: String! manufacturer: String! }
  type BookingConnection { nodes: [Booking!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Booking {
    number: String! service: String! status: String! visitAt: String plannedMinutes: Int hospital: Hospital
  }
  type Money { amount: String! currency: String! }
  type ClaimConnection { nodes: [Claim!]! }
  type Claim {
    number: String! kind: String! status: String! createdAt: String! askedAmount: Money! lines: [ClaimLine!]!
    documents: [ClaimDocument!]!
  }
  type ClaimLine { position: Int! category: String! name: String! asked: Money! }
  type ClaimDocument { kind: String! isRequired: Boolean! status: String! }
  input PatientInput { name: String! gender: String phone: String birthOn: String }
  input EscortBookInput {
    idempotencyKey: ID! policyNumber: String! hospital: String! department: String visitAt: String! patient: PatientInput!
    registration: String isDiagnosed: Boolean symptom: String need: String acknowledged: [ID!]
  }
  type EscortBookPayload { booking: Booking }
`;

const POLICY = `select policy_id as "policyId", number, status, product_code as "productCode",
  ${INSTANT("effective_at")} as "effectiveAt", ${DAY("lower(cover)")} as "startsOn", ${DAY("upper(cover) - 1")} as "endsOn"
  from policies where number = $1`;
const HAS_DEPARTMENT = `h.city_code = $1 and exists (
  select from hospital_departments w where w.hospital_code = h.code and w.department_code = $2)`;
const HOSPITALS = `select code, name, level, ownership as type, city_code as "cityCode" from hospitals h
  where ${HAS_DEPARTMENT} order by sort_key, id limit $3`;
const BOOKING = `number, service, state as status, ${INSTANT("visit_at")} as "visitAt", planned_minutes as "plannedMinutes",
  hospital_code as "hospitalCode", (extract(epoch from created_at) * 1000000)::bigint || ':' || id as cursor`;
const BOOKINGS = `select ${BOOKING} from bookings
  where vendor_code = $1 and (created_at, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid)
  order by created_at desc, id desc limit $4`;
const POLICY_BOOKINGS = `select ${BOOKING} from bookings where policy_id = $1 order by created_at desc, id desc limit $2`;
const CLAIMS = `select policy_id as "policyId", id, number, kind, state as status, ${INSTANT("created_at")} as "createdAt",
  asked_amount::text as asked from claims where policy_id = $1 order by created_at desc, id desc limit $2`;
const DRUGS = `select seq, brand, generic, manufacturer, seq || ':' || id as cursor from drugs
  where (seq, id) > ($1, $2::uuid) order by seq, id limit $3`;
const LOCK = `select a.policy_id, a.id, a.insured_id, a.product_code, s.vendor_code from policies p
  join entitlement_accounts a on a.policy_id = p.policy_id and a.service = 'OUTPATIENT_ESCORT'
  join product_services s on s.product_code = a.product_code and s.kind = a.service
  where p.number = $1 limit 1 for update of a`;
const INSERT = `insert into bookings (policy_id, id, number, product_code, service, machine, state, state_seq, insured_id,
  vendor_code, hospital_code, department_code, visit_at, visit_on, planned_minutes, is_demo, created_at, updated_at)
  values ($1, gen_random_uuid(), 'ESC-' || gen_random_uuid(), $2, 'OUTPATIENT_ESCORT', 'ESCORT', 'REQUESTED', 1, $3, $4, $5,
  $6, $7::timestamptz, ($7::timestamptz at time zone 'Asia/Shanghai')::date, 240, false, now(), now())
  returning ${BOOKING}`;
const DECREMENT = `update entitlement_accounts set held = held + 1
  where policy_id = $1 and id = $2 and (granted is null or held + used + 1 <= granted)`;

const page = (found, first) => {
  const nodes = found.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor: nodes.at(-1)?.cursor ?? null } };
};
const beyond = (cursor, start) => (cursor ? cursor.split(":") : start);

async function book(input) {
  const client = await pool.connect();
  const run = async (name, text, values) => (await client.query({ name, text, values }));
  try {
    await client.query("begin");
    const account = (await run("lock", LOCK, [input.policyNumber])).rows[0];
    const values = [account.policy_id, account.product_code, account.insured_id, account.vendor_code];
    const booking = (await run("insert", INSERT, [...values, input.hospital, input.department, input.visitAt])).rows[0];
    if ((await run("decrement", DECREMENT, [account.policy_id, account.id])).rowCount !== 1) throw new Error("no use is left");
    await client.query("commit");
    return { booking };
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

const resolvers = {
  Query: {
    policy: async (_, { number }) => (await rows("policy", POLICY, [number]))[0] ?? null,
    hospitals: (_, { where, first }) => ({ where, first }),
    drugs: async (_, { first, after }) =>
      page(await rows("drugs", DRUGS, [...beyond(after, [0, START.id]), first + 1]), first),
    bookings: async (_, { first, after }, { vendor }) =>
      page(await rows("bookings", BOOKINGS, [vendor, ...beyond(after, [START.micros, START.id]), first + 1]), first),
  },
  Policy: {
    bookings: async ({ policyId }, { first }) =>
      page(await rows("policyBookings", POLICY_BOOKINGS, [policyId, first + 1]), first),
    claims: async ({ policyId }, { first }) => ({ nodes: await rows("policyClaims", CLAIMS, [policyId, first]) }),
  },
  Claim: { askedAmount: ({ asked }) => ({ amount: asked, currency: "CNY" }) },
  ClaimLine: { asked: ({ asked }) => ({ amount: asked, currency: "CNY" }) },
  HospitalConnection: {
    nodes: ({ where, first }) => rows("hospitals", HOSPITALS, [where.city, where.department, first]),
    totalCount: async ({ where }) => {
      const text = `select count(*)::int as count from hospitals h where ${HAS_DEPARTMENT}`;
      return (await rows("hospitalCount", text, [where.city, where.department]))[0].count;
    },
  },
  Mutation: { escortBook: (_, { input }) => book(input) },
};

// A loader gets all parents of one level at once and answers in their order.
const one = (name, text, key) => async (queries) => {
  const keys = queries.map(({ obj }) => obj[key]);
  const found = new Map((await rows(name, text, [[...new Set(keys)]])).map((row) => [row.key, row]));
  return keys.map((value) => found.get(value) ?? null);
};
const many = (name, text, key) => async (queries) => {
  const keys = queries.map(({ obj }) => obj[key]);
  const found = Map.groupBy(await rows(name, text, [keys]), (row) => row.key);
  return keys.map((value) => found.get(value) ?? []);
};
const ofClaim = (name, text) => async (queries) => {
  const claims = queries.map(({ obj }) => obj);
  const keys = [claims.map(({ policyId }) => policyId), claims.map(({ id }) => id)];
  const found = Map.groupBy(await rows(name, text, keys), (row) => row.key);
  return claims.map(({ id }) => found.get(id) ?? []);
};
const cached = (loader) => ({ loader, opts: { cache: false } });

const loaders = {
  Policy: {
    product: cached(one("product", "select code as key, code, name_en as name from products where code = any($1)", "productCode")),
    insured: cached(many("insured", `select policy_id as key, name, gender, ${DAY("birth_on")} as "birthOn"
      from policy_members where policy_id = any($1) and role = 'INSURED' order by position, id`, "policyId")),
    entitlements: cached(many("entitlements", `select policy_id as key, service, granted, held as reserved, used, remaining,
      ${DAY("usable_from")} as "usableFrom", ${DAY("upper(period) - 1")} as "expiresOn"
      from entitlement_accounts where policy_id = any($1) order by position, insured_id, id`, "policyId")),
  },
  Hospital: {
    city: cached(one("city", "select code as key, name from cities where code = any($1)", "cityCode")),
    departments: cached(many("departments", `select d.hospital_code as key, d.department_code as code, n.name_en as name,
      d.is_featured as "isFeatured" from hospital_departments d join departments n on n.code = d.department_code
      where d.hospital_code = any($1) order by d.department_code`, "code")),
  },
  Claim: {
    lines: cached(ofClaim("lines", `select claim_id as key, position, category, name, asked::text as asked
      from claim_lines where (policy_id, claim_id) in (select * from unnest($1::uuid[], $2::uuid[])) order by position`)),
    documents: cached(ofClaim("documents", `select claim_id as key, kind, is_required as "isRequired", state as status
      from claim_documents where (policy_id, claim_id) in (select * from unnest($1::uuid[], $2::uuid[])) order by kind, id`)),
  },
  Booking: {
    hospital: cached(one("hospital", `select code as key, code, name, level, ownership as type, city_code as "cityCode"
      from hospitals where code = any($1)`, "hospitalCode")),
  },
};

const app = fastify();
app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  context: (request) => ({ vendor: request.headers["x-vendor"] }),
});
await app.listen({ port: Number(process.env.BENCH_PORT), host: "127.0.0.1" });
