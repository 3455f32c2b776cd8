"""Python's gql over a WebSocket, as a script uses it: so many messages, or the error that ends them."""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

address, token, booking, after, wanted = sys.argv[1:]
QUERY = """
subscription Follow($id: ID!, $after: String) {
  bookingChanged(id: $id, after: $after) { cursor status booking { id } }
}
"""


async def main() -> None:
    url = address.replace("http", "ws", 1)
    transport = WebsocketsTransport(url=url, init_payload={"authorization": f"Bearer {token}"})
    async with Client(transport=transport) as session:
        request = gql(QUERY)
        request.variable_values = {"id": booking, "after": after}
        heard = []
        try:
            async for answer in session.subscribe(request):
                heard.append(answer["bookingChanged"])
                if len(heard) == int(wanted):
                    break
        except TransportQueryError as error:
            heard.append({"code": error.errors[0]["extensions"]["code"]})
    print(json.dumps(heard))


asyncio.run(main())
