// Apollo Client with its link for persisted queries, as an app uses it: the same query twice, each time from the network.
import { createHash } from "node:crypto";
import core from "@apollo/client/core/core.cjs";
import persistedQueries from "@apollo/client/link/persisted-queries/persisted-queries.cjs";

const { ApolloClient, HttpLink, InMemoryCache, gql } = core;
const { createPersistedQueryLink } = persistedQueries;

const [uri, token, useGETForHashedQueries] = process.argv.slice(2);
const sent = [];

async function counted(address, options) {
  const body = options.body ? JSON.parse(options.body) : {};
  sent.push({ method: options.method, hasQuery: Boolean(body.query) });
  return fetch(address, options);
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const http = new HttpLink({ uri, fetch: counted, headers: token ? { authorization: `Bearer ${token}` } : {} });
const persisted = createPersistedQueryLink({ sha256, useGETForHashedQueries: useGETForHashedQueries === "get" });
const client = new ApolloClient({ link: persisted.concat(http), cache: new InMemoryCache() });
const query = gql`query ApolloCities($n: Int) { cities(first: $n) { nodes { code } } }`;
for (let at = 0; at < 2; at++) {
  const { data } = await client.query({ query, variables: { n: 2 }, fetchPolicy: "network-only" });
  sent.push({ cities: data.cities.nodes.length });
}
console.log(JSON.stringify(sent));
