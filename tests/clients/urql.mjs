// urql: a query over HTTP and a subscription over graphql-ws, as an app has both.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, token, id] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const socket = createClient({
  url: url.replace("http", "ws"),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});
const forwardSubscription = ({ query, variables }) => ({
  subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
});
const client = new Client({
  url,
  fetchOptions: { headers: { authorization } },
  preferGetMethod: false,
  exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
});
const { data } = await client.query(`query Q($n: Int) { cities(first: $n) { nodes { code } } }`, { n: 2 }).toPromise();
const refused = await client.query(`{ nope }`, {}).toPromise();
const query = `subscription F($id: ID!) { bookingChanged(id: $id, after: "0") { status } }`;
const { unsubscribe } = client.subscription(query, { id }).subscribe((result) => {
  const code = refused.error.graphQLErrors[0].extensions.code;
  console.log(JSON.stringify({ cities: data.cities.nodes.length, code, status: result.data.bookingChanged.status }));
  unsubscribe();
  socket.dispose();
});
