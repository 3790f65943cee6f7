// The API reference: Swagger UI over the OpenAPI document that the page names.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";
import "./index.css";

const place = document.getElementById("reference");
const dark = matchMedia("(prefers-color-scheme: dark)");

function followTheLight() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

// The page itself has the title and the link that Swagger UI would show again.
function withoutTitle() {
  return { wrapComponents: { InfoContainer: () => () => null } };
}

dark.addEventListener("change", followTheLight);
followTheLight();
SwaggerUI({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  // Its badge would send the document to a server of others.
  validatorUrl: null,
  plugins: [withoutTitle],
});
