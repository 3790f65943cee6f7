// The API reference: Swagger UI with the OpenAPI document of the page.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";
import "./index.css";

const place = document.getElementById("reference");
const dark = matchMedia("(prefers-color-scheme: dark)");

function followTheLight() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

// The page has the title and the link already that Swagger UI would show.
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
  // The validator's badge would send the document to another server.
  validatorUrl: null,
  plugins: [withoutTitle],
});
