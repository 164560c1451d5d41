// Draws the description of the REST API. Nothing is loaded from elsewhere, and keys that are typed are not kept.
(() => {
  const place = document.getElementById("swagger");
  const theme = document.documentElement.dataset.theme;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const dress = () => {
    const isDark = theme ? theme === "dark" : prefersDark.matches;
    document.documentElement.classList.toggle("dark-mode", isDark);
  };
  dress();
  prefersDark.addEventListener("change", dress);
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    persistAuthorization: false,
    syntaxHighlight: false,
    tryItOutEnabled: false,
  });
})();
