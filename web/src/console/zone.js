// The time zone of the browser. The server writes and reads all times in it, by a cookie.
const COOKIE = "playout_zone";

/** Keep the zone for the server. A page in another zone is opened anew, once. */
export function keepZone() {
  const { zone, home } = document.documentElement.dataset;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isKept = () => document.cookie.split("; ").includes(`${COOKIE}=${own}`);
  // A zone that the server does not know is kept, too, and asked for only once.
  if (!own || own === zone || isKept()) return;
  document.cookie = `${COOKIE}=${own}; path=${home}; max-age=31536000; samesite=lax`;
  if (zone && isKept()) location.replace(location.href);
}
