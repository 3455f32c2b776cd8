"use strict";

// Starts GraphiQL with the example tabs that stand in the page.

(() => {
  const ADDRESS = "/graphql";

  // Menus of GraphiQL add style elements while they are open: the page's policy takes them with its nonce only.
  window.__webpack_nonce__ = document.getElementById("bundle").nonce;

  const language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

  const tabs = JSON.parse(document.getElementById("examples").textContent).map((example) => ({
    query: example.query,
    variables: pretty(example.variables),
    headers: pretty({ "accept-language": language, ...example.headers }),
  }));

  function pretty(value) {
    return JSON.stringify(value, null, 2);
  }

  // The schema is everybody's: a token that is not pasted yet, or has expired, must not hide it.
  function sent(asked, headers) {
    const given = new Headers(headers);
    if (asked.operationName !== "IntrospectionQuery") return given;
    return new Headers({ "accept-language": given.get("accept-language") ?? language });
  }

  async function fetcher(asked, options) {
    const headers = sent(asked, options?.headers);
    headers.set("content-type", "application/json");
    headers.set("accept", "application/graphql-response+json, application/json;q=0.9");
    const response = await fetch(ADDRESS, { method: "POST", headers, body: JSON.stringify(asked) });
    return response.json();
  }

  // What is typed here, tokens included, lives as long as the browser's tab: it survives a reload and nothing more.
  const storage = window.sessionStorage;

  // GraphiQL fills its editors from what it stored last; on a first visit, that is to be the first example.
  if (storage.getItem("graphiql:tabState") === null) {
    for (const editor of ["query", "variables", "headers"]) storage.setItem(`graphiql:${editor}`, tabs[0][editor]);
  }

  const page = React.createElement(GraphiQL, {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultHeaders: pretty({ "accept-language": language }),
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: true,
    defaultEditorToolsVisibility: "headers",
  });

  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
})();
