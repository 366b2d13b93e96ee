import { key, showHealth, takeKeyFromAddress } from "./service.js";

takeKeyFromAddress();
showHealth();

document.getElementById("key-note").textContent = key()
  ? "Requests sent from this page carry the API key of this tab."
  : "Give an API key on the first page to try requests from here.";

if (matchMedia("(prefers-color-scheme: dark)").matches) {
  document.documentElement.classList.add("dark-mode");
}

// Defined by the script of Swagger UI, which is loaded before modules run.
window.SwaggerUIBundle({
  url: "openapi?format=JSON",
  dom_id: "#swagger",
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (key() && new URL(request.url, location.href).origin === location.origin) {
      request.headers.Authorization = request.headers.Authorization || "Bearer " + key();
    }
    return request;
  },
});
