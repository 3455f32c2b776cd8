// graphql-request, as a script uses it.
import { GraphQLClient, gql } from "graphql-request";

const [uri, token] = process.argv.slice(2);
const client = new GraphQLClient(uri, { headers: { authorization: `Bearer ${token}` } });
const good = await client.request(gql`query Q($n: Int) { cities(first: $n) { nodes { code } } }`, { n: 2 });
// it keeps no more than the status of a refusal
const status = await client.request(gql`{ nope }`).catch((error) => error.response.status);
console.log(JSON.stringify({ cities: good.cities.nodes.length, status }));
