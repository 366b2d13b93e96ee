import { Refusal, call, forgetKey, key, showHealth, storeKey, takeKeyFromAddress } from "./service.js";

const TAXONOMY = "kailash.taxonomy";
const FIELDS = ["title", "brand", "description", "supplier_category", "taxonomy"];
const at = (id) => document.getElementById(id);
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const weight = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: "exceptZero" });

// Only the answer to the latest question is shown, whatever order answers arrive in.
let asked = 0;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

function replace(id, ...children) {
  at(id).replaceChildren(...children);
}

// ---- key and taxonomies

function showKey() {
  const given = Boolean(key());
  at("key-state").textContent = given ? "given for this tab" : "none given yet";
  at("key-forget").hidden = !given;
  at("key").value = "";
}

async function loadTaxonomies() {
  const choice = at("taxonomy");
  const hint = at("taxonomy-hint");
  hint.textContent = "";
  if (!key()) {
    choice.disabled = true;
    choice.replaceChildren(new Option("Give an API key to see the taxonomies", ""));
    at("key-panel").open = true;
    return;
  }
  try {
    const answer = await call("GET", "api/v1/taxonomies");
    const usable = answer.items;
    if (usable.length === 0) {
      choice.disabled = true;
      choice.replaceChildren(new Option("There is no taxonomy yet", ""));
      hint.textContent = "Import one over the API first.";
      return;
    }
    const options = usable.map((one) => {
      const option = new Option(one.name, one.code);
      option.dataset.sample = Boolean(one.sample);
      return option;
    });
    choice.replaceChildren(...options);
    choice.disabled = false;
    const before = sessionStorage.getItem(TAXONOMY);
    if (usable.some((one) => one.code === before)) {
      choice.value = before;
    }
    describeTaxonomy();
    at("key-panel").open = false;
    hideProblem();
  } catch (refusal) {
    choice.disabled = true;
    choice.replaceChildren(new Option("The taxonomies could not be read", ""));
    showProblem(refusal);
  }
}

function describeTaxonomy() {
  const chosen = at("taxonomy").selectedOptions[0];
  at("taxonomy-hint").textContent =
    chosen && chosen.dataset.sample === "true" ? "A sample that comes with the service, to try it out." : "";
}

// ---- problems

function hideProblem() {
  at("problem").hidden = true;
  replace("problem");
  for (const field of FIELDS) {
    at(field).removeAttribute("aria-invalid");
    at(field + "-problem").hidden = true;
    at(field + "-problem").textContent = "";
  }
}

function showProblem(failure) {
  if (!(failure instanceof Refusal)) {
    throw failure;
  }
  const problem = failure.problem;
  const lines = [element("p", {}, element("strong", {}, problem.title || "The request was refused"))];
  if (problem.detail) {
    lines.push(element("p", {}, problem.detail));
  }
  const elsewhere = [];
  let first = null;
  for (const error of problem.errors || []) {
    const field = FIELDS.find((name) => "/" + name === error.pointer);
    if (field) {
      at(field).setAttribute("aria-invalid", "true");
      at(field + "-problem").textContent = at(field).labels[0].firstChild.textContent.trim() + " " + error.detail;
      at(field + "-problem").hidden = false;
      const folded = at(field).closest("details");
      if (folded) {
        folded.open = true;
      }
      first = first || at(field);
    } else {
      elsewhere.push(element("li", {}, element("code", {}, error.pointer), " ", error.detail));
    }
  }
  if (elsewhere.length > 0) {
    lines.push(element("ul", {}, ...elsewhere));
  }
  if (problem.request_id) {
    lines.push(element("p", { class: "small" }, "Request ", element("code", {}, problem.request_id)));
  }
  replace("problem", ...lines);
  at("problem").hidden = false;
  at("empty").hidden = true;
  if (problem.status === 401) {
    at("key-panel").open = true;
    first = at("key");
  }
  if (first) {
    first.focus();
  }
}

// ---- answer

function bar(share) {
  const inner = element("div", {});
  inner.style.width = Math.max(0, Math.min(1, share)) * 100 + "%";
  return element("div", { class: "bar", "aria-hidden": "true" }, inner);
}

function line(name, above, share) {
  const words = element("span", { class: "name", dir: "auto" }, name);
  if (above) {
    words.append(element("span", { class: "above", dir: "auto" }, above));
  }
  return element(
    "li",
    {},
    element("div", { class: "line" }, words, element("span", { class: "share" }, percent.format(share))),
    bar(share));
}

function showAnswer(answer, milliseconds) {
  const category = answer.category;
  const path = category ? category.path : [];
  const accepted = answer.decision === "accept";
  at("decision").dataset.decision = answer.decision;
  at("decision").textContent = accepted ? "Accepted" : "For review";
  at("decision-why").textContent = answer.backed_off
    ? "No leaf is sure enough, so the answer stays higher up."
    : accepted
      ? "Sure enough to be used without a look."
      : "Less sure than this taxonomy asks for.";
  replace("path", ...path.map((name) => element("li", { dir: "auto" }, name)));
  at("code").textContent = category ? category.code : "none";
  at("confidence").textContent = percent.format(answer.confidence);
  at("confidence-bar").style.width = answer.confidence * 100 + "%";
  replace("levels", ...(answer.levels || []).map((level) => line(level.name, "Level " + level.level, level.confidence)));
  replace(
    "alternatives",
    ...(answer.alternatives || [])
      .filter((other) => !category || other.code !== category.code)
      .map((other) => line(other.name, other.path.slice(0, -1).join(" › "), other.confidence)));
  const evidence = answer.evidence || [];
  at("why").hidden = evidence.length === 0;
  replace(
    "evidence",
    ...evidence.map((found) =>
      element(
        "tr",
        {},
        element("td", { dir: "auto" }, element("code", {}, found.feature.replaceAll(" ", "␣"))),
        element("td", {}, found.field.replaceAll("_", " ")),
        element("td", { class: "number" }, weight.format(found.weight)))));
  at("fact-taxonomy").textContent = answer.taxonomy;
  at("fact-model").textContent = answer.model_version;
  at("fact-id").textContent = answer.id;
  at("fact-time").textContent = Math.round(milliseconds) + " ms";
  at("empty").hidden = true;
  at("answer").hidden = false;
  at("spoken").textContent =
    (accepted ? "Accepted: " : "For review: ") + path.join(", ") + ", " + percent.format(answer.confidence) + " confidence.";
}

async function classify() {
  const question = ++asked;
  hideProblem();
  const body = { title: at("title").value.replace(/\s+/g, " ").trim(), explain: true, alternatives: 5 };
  for (const field of ["brand", "description", "supplier_category", "taxonomy"]) {
    const value = at(field).value.trim();
    if (value) {
      body[field] = value;
    }
  }
  if (!key()) {
    showProblem(new Refusal({ title: "No API key", status: 401, detail: "Give an API key first; the service prints one when it first starts." }));
    return;
  }
  at("classify").setAttribute("aria-disabled", "true");
  at("classify").textContent = "Classifying …";
  const began = performance.now();
  try {
    const answer = await call("POST", "api/v1/classify", body);
    if (question === asked) {
      showAnswer(answer, performance.now() - began);
    }
  } catch (failure) {
    if (question === asked) {
      at("answer").hidden = true;
      showProblem(failure);
    }
  } finally {
    if (question === asked) {
      at("classify").removeAttribute("aria-disabled");
      at("classify").textContent = "Classify";
    }
  }
}

// ---- wiring

at("classify-form").addEventListener("submit", (event) => {
  event.preventDefault();
  classify();
});
at("title").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    classify();
  }
});
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", () => {
    at("title").value = example.textContent;
    classify();
  });
}
at("taxonomy").addEventListener("change", () => {
  sessionStorage.setItem(TAXONOMY, at("taxonomy").value);
  describeTaxonomy();
});
at("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (at("key").value.trim()) {
    storeKey(at("key").value);
    showKey();
    loadTaxonomies();
    at("title").focus();
  }
});
at("key-forget").addEventListener("click", () => {
  forgetKey();
  showKey();
  loadTaxonomies();
});
addEventListener("hashchange", () => {
  takeKeyFromAddress();
  showKey();
  loadTaxonomies();
});

takeKeyFromAddress();
showKey();
showHealth();
loadTaxonomies();
