// The language of the player's texts: that of the page, which the page says in `lang`.
import { En } from "media-chrome/dist/lang/en.js";
import { addTranslation, setLanguage, t } from "media-chrome/dist/utils/i18n.js";

addTranslation("en", { ...En, "Playback rate": "Speed" }); // shorter, and what others call it

const LANGUAGES = {
  ar: () => import("./languages/ar.js"),
  de: () => import("media-chrome/dist/lang/de.js"),
  es: () => import("media-chrome/dist/lang/es.js"),
  fr: () => import("media-chrome/dist/lang/fr.js"),
  ja: () => import("./languages/ja.js"),
  pt: () => import("media-chrome/dist/lang/pt.js"),
};

export { t };

/** Loads the texts for the page. Elements read them once, so call it before they are made. */
export async function speakPageLanguage() {
  const language = document.documentElement.lang.split("-")[0];
  setLanguage(language || "en");
  await LANGUAGES[language]?.().catch(() => setLanguage("en"));
}
