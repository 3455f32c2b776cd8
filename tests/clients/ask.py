"""Python's gql, as a script uses it; in an environment of its own, since it needs an older graphql-core than ours."""

import json
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport

address, token, reads_schema = sys.argv[1:]
transport = HTTPXTransport(url=address, headers={"authorization": f"Bearer {token}"}, timeout=30)
client = Client(transport=transport, fetch_schema_from_transport=reads_schema == "schema")
with client as session:
    cities = session.execute(gql("query Q($n: Int) { cities(first: $n) { nodes { code } } }"), variable_values={"n": 2})
    said = {"cities": len(cities["cities"]["nodes"])}
    if reads_schema == "schema":
        said["query"] = client.schema.query_type.name
    else:
        try:
            session.execute(gql("{ nope }"))
        except TransportQueryError as error:
            said["code"] = error.errors[0]["extensions"]["code"]
print(json.dumps(said))
