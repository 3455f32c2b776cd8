// PostGraphile 5 over the views of sql/shape.sql, as its documentation sets a server up.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString: process.env.BENCH_DSN, schemas: ["shape"], poolConfig: { max: Number(process.env.BENCH_POOL) } }),
  ],
  schema: { defaultBehavior: "+list +connection" },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  grafast: { explain: false },
};

const instance = postgraphile(preset);
const server = createServer();
const served = instance.createServ(grafserv);
await served.addTo(server);
if (process.env.BENCH_SDL) {
  const { printSchema } = await import("graphql");
  console.log(printSchema(await instance.getSchema()));
}
server.listen(Number(process.env.BENCH_PORT), "127.0.0.1");
