// Subscriptions by graphql-ws or graphql-sse, as an app uses them: so many messages, or the error that ends them.
import { createClient as overSocket } from "graphql-ws";
import { createClient as overEvents } from "graphql-sse";
import WebSocket from "ws";

const [way, address, token, id, after, wanted] = process.argv.slice(2);
const query = `subscription Follow($id: ID!, $after: String) {
  bookingChanged(id: $id, after: $after) { cursor status booking { id } }
}`;
const authorization = `Bearer ${token}`;
const client =
  way === "ws"
    ? overSocket({
        url: address.replace("http", "ws"),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryAttempts: 0,
      })
    : overEvents({ url: address, headers: { authorization }, retryAttempts: 0 });

let left = Number(wanted);
try {
  for await (const { data, errors } of client.iterate({ query, variables: { id, after } })) {
    console.log(JSON.stringify(errors ? { code: errors[0].extensions.code } : data.bookingChanged));
    if (--left === 0) break;
  }
} catch (error) {
  console.log(JSON.stringify({ code: Array.isArray(error) ? error[0].extensions.code : String(error) }));
}
client.dispose();
