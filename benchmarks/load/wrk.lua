-- Sends the raw requests of a file in turn; twelve @ in one become a number that no other request has.
-- The last line of the output is JSON with what was reached.
local requests, count, turn, fresh = {}, 0, 0, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("([^%z]+)%z") do
    local head, tail = request:match("^(.-)@@@@@@@@@@@@(.*)$")
    count = count + 1
    requests[count] = head and {head, tail} or request
  end
  file:close()
  fresh = tonumber(args[2])
end

function request()
  turn = turn % count + 1
  local found = requests[turn]
  if type(found) == "string" then
    return found
  end
  fresh = fresh + 1
  return found[1] .. string.format("%012.0f", fresh) .. found[2]
end

function done(summary, latency, requests)
  local wrong = summary.errors
  print(string.format('\n{"per_second": %.3f, "p50": %.4f, "p99": %.4f, "errors": %d}',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
