// What all pages share: the API key of this tab, calls of the API, and the state of the service.

const KEY = "kailash.key";

/** Takes a key from the address (#key=…) so that it is neither kept in the history nor copied on. */
export function takeKeyFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    storeKey(given);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

export function key() {
  return sessionStorage.getItem(KEY);
}

export function storeKey(value) {
  sessionStorage.setItem(KEY, value.trim());
}

export function forgetKey() {
  sessionStorage.removeItem(KEY);
}

/** What the API refused, as problem details; or why there was no answer. */
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** Calls the API and returns the JSON it answers; anything but success is thrown as a Refusal. */
export async function call(method, path, body) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (key()) {
    headers.Authorization = "Bearer " + key();
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
    });
  } catch (unreachable) {
    throw new Refusal({
      title: "No answer",
      detail: "The service does not answer. Is it running, and is this computer connected to it?",
    });
  }
  let content = null;
  try {
    content = await answer.json();
  } catch (notJson) {
    content = null;
  }
  if (answer.ok && content !== null) {
    return content;
  }
  throw new Refusal(
    content && content.title
      ? content
      : { title: "Unexpected answer", status: answer.status, detail: "The answer is not one of this service; something in between may have sent it." });
}

/** Shows the state of the service in the header, and again every 15 seconds while it is looked at. */
export function showHealth() {
  const link = document.getElementById("health");
  const text = document.getElementById("health-text");
  const show = (state, words) => {
    link.dataset.state = state;
    text.textContent = words;
  };
  const ask = async () => {
    if (document.visibilityState !== "visible") {
      return;
    }
    try {
      const answer = await fetch("health/ready", { cache: "no-store", credentials: "omit" });
      const health = await answer.json();
      const derived = health.checks.find((check) => check.name === "derived-stores");
      const missing = derived && derived.data ? derived.data.degraded : undefined;
      if (health.status !== "UP") {
        show("down", "Not ready");
      } else if (missing) {
        show("degraded", "Degraded: " + missing);
      } else {
        show("ready", "Ready");
      }
    } catch (unreachable) {
      show("down", "No answer");
    }
  };
  ask();
  setInterval(ask, 15000);
  document.addEventListener("visibilitychange", ask);
}
