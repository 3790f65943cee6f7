-- Forged beacons for wrk, many in one write. Arguments: how many, and milliseconds between writes.
local body = '{"token":"e30.forged","view":"0123456789abcdef","events":[{"kind":"view"}]}'
local pause = 0

function init(args)
  local many = tonumber(args[1])
  pause = tonumber(args[2])
  wrk.method, wrk.body = "POST", body
  wrk.headers["Content-Type"] = "text/plain"
  wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Firefox/144"
  local one = wrk.format("POST", "/e")
  all = string.rep(one, many)
end

function request()
  return all
end

function delay()
  return pause
end
